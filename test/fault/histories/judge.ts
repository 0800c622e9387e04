/** What is wrong with how a history ended, in sentences; nothing: every promise of docs/guarantees.md was kept. Pure. */
import { isLinearizable, type Call } from "./linearizable.ts";
import type { History, PlannedEvent } from "./plan.ts";

/** How often the event's effect is there in the end. */
export interface Effects {
  /** Rows, captures or notes. Of a link: different requests for it. */
  readonly count: number;
}

export interface Outcome {
  /** Of each event, all calls under its key. */
  readonly calls: readonly (readonly Call[])[];
  readonly effects: readonly Effects[];
  /** Answers of each event as they are in the end; undefined: none was to be had. */
  readonly answers: readonly (string | undefined)[];
  readonly openJobs: number;
  readonly deadLetters: number;
  readonly liveClaims: number;
}

function isAccepted(answer: string): boolean {
  return (JSON.parse(answer) as { outcome?: unknown }).outcome === "accepted";
}

function judgeEffect({ action }: PlannedEvent, answer: string, count: number): string | undefined {
  // A promised capture is kept by a job, which may run twice; settings that came late are not taken over.
  const least = action === "apply-settings" ? 0 : 1;
  const most = action === "capture-conversation" && isAccepted(answer) ? Infinity : 1;
  if (count >= least && count <= most) return undefined;
  return `took effect ${count} times`;
}

function judgeEvent(event: PlannedEvent, index: number, outcome: Outcome): string[] {
  const calls = outcome.calls[index] ?? [];
  const answer = outcome.answers[index];
  const problems: (string | undefined)[] = [];
  if (answer === undefined) problems.push("got no answer after everything was well again");
  else problems.push(judgeEffect(event, answer, outcome.effects[index]?.count ?? 0));
  const bodies = calls.flatMap(({ saw }) => ("body" in saw ? [saw.body] : []));
  if (new Set(bodies).size > 1) problems.push("was given different answers");
  if (!isLinearizable(calls)) problems.push("has calls that no order explains");
  return problems
    .filter((problem) => problem !== undefined)
    .map((problem) => `${event.action} ${event.key} ${problem}`);
}

export function judge(history: History, outcome: Outcome): string[] {
  const problems = history.events.flatMap((event, index) => judgeEvent(event, index, outcome));
  if (outcome.openJobs > 0) problems.push(`${outcome.openJobs} jobs never ended`);
  if (outcome.deadLetters > 0) problems.push(`${outcome.deadLetters} jobs are dead letters`);
  if (outcome.liveClaims > 0) problems.push(`${outcome.liveClaims} claims were left behind`);
  return problems.map((problem) => `seed ${history.seed}: ${problem}`);
}
