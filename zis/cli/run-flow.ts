/** What a run of a flow on the command line comes to. */
import { connectionsUsed } from "../engine/connections.ts";
import type { Jq } from "../engine/jq.ts";
import { type FlowRun, type FlowStatus, runFlow } from "../engine/run.ts";
import type { StepTrace } from "../engine/step.ts";
import type { TraceEntry } from "../engine/trace.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { createMask } from "../services/mask.ts";
import { secretsOfAll, visibleConnections } from "./connections-file.ts";
import { createMocks } from "./mocks.ts";
import { createPerform, type SentRequest } from "./requests.ts";
import { withoutEffectInRun } from "./set.ts";
import type { Start } from "./start.ts";
import { createStores, type Link, type LocalStores } from "./stores.ts";

/** A line of the integration log. */
export interface LogLine {
  readonly status: "info" | "warning" | "error";
  readonly message: string;
  readonly state?: string;
}

/** What `run --json` prints. */
export interface RunReport {
  readonly status: FlowStatus | "NOT_STARTED";
  /** Null when no job spec is for the event. */
  readonly flow: string | null;
  readonly message: string;
  readonly error: { readonly state: string; readonly name: string; readonly cause: string } | null;
  /** The flow's data at its end. */
  readonly data: Json;
  readonly transitions: number;
  /** How long the run took on its virtual clock, in whole milliseconds. */
  readonly virtualMs: number;
  readonly trace: readonly TraceEntry[];
  readonly requests: readonly SentRequest[];
  readonly configs: JsonObject;
  readonly links: readonly Link[];
  readonly log: readonly LogLine[];
}

/** A report with each state that was left, a Map after its iterations. Secrets are masked in both. */
export interface ExplainedRun {
  readonly report: RunReport;
  readonly steps: readonly StepTrace[];
}

export interface RunTools {
  readonly jq: Jq;
  readonly now: () => Date;
}

/** Runs the flow that was chosen, once. Never rejects for what a flow or its definition may be. */
export async function runStart(start: Start, tools: RunTools): Promise<ExplainedRun> {
  const stores = await createStores({
    ...start,
    now: tools.now,
    switches: start.choices.serviceSwitches,
  });
  const data = { ...start.data, connections: visibleConnections(start.connections) };
  const attempt: Attempt = {
    start,
    stores,
    data,
    log: openingLines(start),
    requests: [],
    steps: [],
  };
  const end = await endOf(attempt, tools);
  const { log, requests, steps } = attempt;
  const after = { requests, configs: stores.configsNow(), links: stores.linksNow(), log };
  const mask = createMask(secretsOfAll(start.connections));
  return { report: maskedReport({ ...end, ...after }, mask), steps: mask(steps) };
}

/** A run under way, with what it has left behind so far. */
interface Attempt {
  readonly start: Start;
  readonly stores: LocalStores;
  readonly data: JsonObject;
  readonly log: LogLine[];
  readonly requests: SentRequest[];
  readonly steps: StepTrace[];
}

async function endOf(attempt: Attempt, tools: RunTools): Promise<End> {
  const { chosen } = attempt.start;
  if ("notStarted" in chosen) return notStarted(attempt, chosen.notStarted);
  try {
    const missing = missingConnection(attempt.start);
    if (missing !== undefined) {
      const end = notStarted(attempt, missing);
      attempt.log.push({
        status: "info",
        message: "Give the connections with --connections FILE.",
      });
      return end;
    }
    return await runChosen(attempt, chosen.flow, tools);
  } catch (error) {
    // A definition that is not even shaped like one makes the interpreter stumble.
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    return notStarted(attempt, `Cannot start flow because ${BROKEN}; zis check says where`);
  }
}

const BROKEN = "its definition is broken";

async function runChosen(attempt: Attempt, flow: string, tools: RunTools): Promise<End> {
  const { start, stores, data, log, requests, steps } = attempt;
  const { choices } = start;
  const run = await runFlow({
    bundle: start.bundleFile.bundle,
    flow,
    data,
    perform: createPerform({
      ...tools,
      integration: start.integration,
      stores,
      connections: start.connections,
      findMock: createMocks(start.mocks),
      live: start.live,
      realTime: start.realTime,
      zendeskOrigin: `https://${start.subdomain}.zendesk.com`,
      emptyReply: choices.switches.emptyReply,
      onRequest: (request) => requests.push(request),
      warn: (message) => log.push({ status: "warning", message }),
    }),
    waits: start.realTime ? "real" : "virtual",
    switches: choices.switches,
    limits: choices.limits,
    onStep: (step) => steps.push(step),
  });
  log.push(...closingLines(run));
  return ended(run);
}

function notStarted({ start, data, log }: Attempt, message: string): End {
  log.push({ status: "error", message });
  return {
    status: "NOT_STARTED",
    flow: start.chosen.flow,
    message,
    error: null,
    data,
    transitions: 0,
    virtualMs: 0,
    trace: [],
  };
}

type End = Omit<RunReport, "requests" | "configs" | "links" | "log">;

function ended(run: FlowRun): End {
  const { status, flow, message, error, data, transitions, elapsedMs, trace } = run;
  return {
    status,
    flow,
    message,
    error: error ?? null,
    data,
    transitions,
    virtualMs: Math.round(elapsedMs),
    trace,
  };
}

/** Status, flow and trace are not masked: a secret that happens to be one of their words is no secret. */
function maskedReport(report: RunReport, mask: ReturnType<typeof createMask>): RunReport {
  const { message, error, data, requests, configs, links, log, ...open } = report;
  const { status, flow, transitions, virtualMs, trace } = open;
  return {
    status,
    flow,
    ...mask({ message, error, data }),
    transitions,
    virtualMs,
    trace,
    ...mask({ requests, configs, links, log }),
  };
}

/** ZIS starts no flow that uses a connection which does not exist. */
function missingConnection({ bundleFile, chosen, connections }: Start): string | undefined {
  const missing = connectionsUsed(bundleFile.bundle, chosen.flow ?? "").find(
    (name) => !connections.has(name),
  );
  if (missing === undefined) return undefined;
  return `Cannot start flow because the connection named "${missing}" does not exist`;
}

function openingLines({ bundleFile, chosen, choices, inexact }: Start): LogLine[] {
  const { refusal } = bundleFile;
  const withoutEffect = withoutEffectInRun(choices).map(
    (name) => `--set ${name} has no effect here: only zis serve has what it is about`,
  );
  const lines: LogLine[] = [...withoutEffect, ...inexact].map((message) => ({
    status: "warning",
    message,
  }));
  if (refusal !== undefined) {
    lines.push({ status: "warning", message: `The registry refuses this bundle: ${refusal}` });
  }
  if ("note" in chosen && chosen.note !== undefined) {
    lines.push({ status: "info", message: chosen.note });
  }
  return lines;
}

function closingLines({ status, message, error, warnings, retryable }: FlowRun): LogLine[] {
  const lines: LogLine[] = warnings.map((each) => ({ status: "warning", ...each }));
  if (status === "SUCCEEDED") return [...lines, { status: "info", message }];
  lines.push({ status: "error", message, ...(error && { state: error.state }) });
  if (retryable) {
    lines.push({
      status: "info",
      message: "ZIS would run the whole flow again; this run is one attempt.",
    });
  }
  return lines;
}
