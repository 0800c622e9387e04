/** What is remembered of flow runs, and how it is shown without secrets. */
import type { FlowRun, FlowStatus } from "../engine/run.ts";
import type { StepTrace } from "../engine/step-trace.ts";
import type { Json } from "../model/json.ts";
import { createMask } from "./mask.ts";
import { MASK } from "./secrets.ts";

/** NOT_STARTED: a connection or the flow itself was missing. */
export type RunStatus = FlowStatus | "NOT_STARTED";

/** One HTTP request of an action, as it was sent. */
export interface RunRequest {
  readonly action: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Null when there was no reply. */
  readonly status: number | null;
  /** True when the reply said that it is the recorded answer to an earlier request. */
  readonly replayed: boolean;
  readonly problem?: string;
  readonly elapsedMs: number;
}

/** One delivery of an event to a flow, all attempts included. */
export interface Run {
  readonly id: string;
  readonly integration: string;
  readonly flow: string;
  readonly jobSpec: string;
  readonly event_source: string;
  readonly event_type: string;
  readonly accepted_at: string;
  readonly ended_at: string;
  readonly status: RunStatus;
  readonly message: string;
  /** How often the flow was started. */
  readonly attempts: number;
  readonly input: Json;
  /** Of the last attempt; absent when the flow did not start. */
  readonly result?: FlowRun;
  /** The states of the last attempt with their data. */
  readonly steps: readonly StepTrace[];
  /** Of all attempts. */
  readonly requests: readonly RunRequest[];
  /** What must not be shown: masked wherever it occurs. */
  readonly secrets: readonly string[];
}

interface RunFilter {
  readonly limit: number;
  readonly flow?: string | undefined;
  readonly status?: string | undefined;
}

export interface Runs {
  add(run: Run): void;
  get(id: string): Run | undefined;
  /** Newest first. */
  list(filter: RunFilter): readonly Run[];
}

/** Remembers the last runs, in memory. */
export function createRuns(most = 2_000): Runs {
  const runs = new Map<string, Run>();
  return {
    add(run) {
      runs.set(run.id, run);
      const [oldest] = runs.keys();
      if (runs.size > most && oldest !== undefined) runs.delete(oldest);
    },
    get: (id) => runs.get(id),
    list({ limit, flow, status }) {
      const found = [...runs.values()]
        .filter((run) => (flow ?? run.flow) === run.flow)
        .filter((run) => (status ?? run.status) === run.status);
      return limit > 0 ? found.slice(-limit).toReversed() : [];
    },
  };
}

/** A run in a list, with every secret masked. */
export type RunSummary = ReturnType<typeof runSummary>;

/** A run with its way, its data and its requests, with every secret masked. */
export interface RunDetails extends RunSummary {
  readonly input: Json;
  readonly data: Json;
  readonly error: NonNullable<FlowRun["error"]> | null;
  readonly warnings: FlowRun["warnings"];
  readonly steps: readonly StepTrace[];
  readonly requests: readonly RunRequest[];
}

/** How a run is shown in a list. */
export function runSummary(run: Run) {
  const { id, integration, flow, jobSpec, event_source, event_type, status, attempts } = run;
  const { accepted_at, ended_at, message, result } = run;
  return {
    id,
    integration,
    flow,
    job_spec: jobSpec,
    event_source,
    event_type,
    status,
    message: createMask(run.secrets)(message),
    attempts,
    transitions: result?.transitions ?? 0,
    virtual_ms: hundredths(result?.elapsedMs ?? 0),
    accepted_at,
    ended_at,
  };
}

/** How a run is shown on its own. */
export function runDetails(run: Run): RunDetails {
  const { result, secrets } = run;
  const details = {
    input: run.input,
    data: result?.data ?? null,
    error: result?.error ?? null,
    trace: result?.trace ?? [],
    warnings: result?.warnings ?? [],
    steps: run.steps,
    requests: run.requests.map((request) => ({
      ...request,
      elapsedMs: hundredths(request.elapsedMs),
      headers: maskedHeaders(request.headers),
    })),
  };
  // Through JSON, so that members without a value are gone and only JSON is walked.
  const plain = JSON.parse(JSON.stringify(details)) as typeof details;
  return { ...runSummary(run), ...createMask(secrets)(plain) };
}

/** Milliseconds as they are shown. */
function hundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** Headers that carry credentials whatever their value is. */
const SECRET_HEADERS = /^(authorization|proxy-authorization|cookie)$|token|secret|api-?key/i;

function maskedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET_HEADERS.test(name) ? MASK : value,
    ]),
  );
}
