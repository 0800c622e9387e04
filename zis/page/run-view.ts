/** A run as the page shows it: every secret is masked already. */
import type { FlowRun } from "../engine/run.ts";
import type { StepTrace } from "../engine/step-trace.ts";
import type { Json } from "../model/json.ts";
import { type Run, runDetails, type RunRequest, runSummary } from "../services/runs.ts";

export interface RunSummary extends Pick<
  Run,
  | "id"
  | "integration"
  | "flow"
  | "event_source"
  | "event_type"
  | "status"
  | "message"
  | "attempts"
  | "accepted_at"
  | "ended_at"
> {
  readonly job_spec: string;
  readonly transitions: number;
  readonly virtual_ms: number;
}

export interface RunView extends RunSummary {
  readonly input: Json;
  readonly data: Json;
  readonly error: NonNullable<FlowRun["error"]> | null;
  readonly warnings: FlowRun["warnings"];
  readonly steps: readonly StepTrace[];
  readonly requests: readonly RunRequest[];
}

/** A run in a list. */
export function summaryView(run: Run): RunSummary {
  return runSummary(run) as unknown as RunSummary;
}

/** A run with its way, its data and its requests. */
export function runView(run: Run): RunView {
  return runDetails(run) as unknown as RunView;
}
