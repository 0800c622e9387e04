/** What a run on the command line comes to: what `run --json` prints. */
import type { FlowRun, FlowStatus } from "../engine/run.ts";
import type { StepTrace } from "../engine/step-trace.ts";
import type { TraceEntry } from "../engine/trace.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Link } from "../services/links.ts";
import { createMask } from "../services/mask.ts";
import type { Run, RunRequest } from "../services/runs.ts";

/** A line of the integration log. */
export interface LogLine {
  readonly status: "info" | "warning" | "error";
  readonly message: string;
  readonly state?: string;
}

/** One HTTP request of a run. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON that was sent, the text if it was not JSON, null without a body. */
  readonly body: Json;
  /** Null when nothing came back. */
  readonly status: number | null;
}

/** What `run --json` prints. */
export interface RunReport {
  readonly status: FlowStatus | "NOT_STARTED";
  /** Null when no job spec is for the event. */
  readonly flow: string | null;
  readonly message: string;
  readonly error: FlowRun["error"] | null;
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

/** What a run left behind besides itself. */
export interface Aftermath {
  readonly configs: JsonObject;
  readonly links: readonly Link[];
  readonly log: readonly LogLine[];
}

/** What is reported of a run: of one that the services made, or that they were not asked for. */
export type Ended = Pick<Run, "status" | "message" | "steps" | "requests" | "secrets" | "result">;

/**
 * Status, flow and trace are not masked: a secret that happens to be one of their words is not a secret.
 *
 * @param data that of a flow that did not start
 */
export function outcomeOf(
  flow: string | null,
  data: JsonObject,
  { status, message, steps, requests, secrets, result }: Ended,
  after: Aftermath,
): ExplainedRun {
  const mask = createMask(secrets);
  const report = {
    status,
    flow,
    ...mask({ message, error: result?.error ?? null, data: result?.data ?? data }),
    transitions: result?.transitions ?? 0,
    virtualMs: Math.round(result?.elapsedMs ?? 0),
    trace: result?.trace ?? [],
    ...mask({ requests: requests.map(sentRequest), ...after }),
  };
  return { report, steps: mask(steps) };
}

function sentRequest({ method, url, headers, body, status }: RunRequest): SentRequest {
  return { method, url, headers, body: body === null ? null : bodyValue(body), status };
}

function bodyValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
