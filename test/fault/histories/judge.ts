/** What is wrong with how a history ended, in sentences; nothing: every promise of docs/guarantees.md was kept. Pure. */
import { isLinearizable, type Call } from "./linearizable.ts";
import { STARTS_MAY_FAIL, type History, type PlannedEvent } from "./plan.ts";

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
  /** Servers that ended without an order, each with its last words. */
  readonly exits: readonly string[];
  readonly failedStarts: number;
}

export interface Violation {
  /** `lost`: no effect, or no answer. `doubled`: an effect more than once. */
  readonly kind: "lost" | "doubled" | "exit" | "other";
  readonly text: string;
}

function isAccepted(answer: string): boolean {
  return (JSON.parse(answer) as { outcome?: unknown }).outcome === "accepted";
}

type Problem = Violation | undefined;

function judgeEffect({ action }: PlannedEvent, answer: string, count: number): Problem {
  // A promised capture is kept by a job, which may run twice; settings that came late are not taken over.
  const least = action === "apply-settings" ? 0 : 1;
  const most = action === "capture-conversation" && isAccepted(answer) ? Infinity : 1;
  const text = `took effect ${count} times`;
  if (count < least) return { kind: "lost", text };
  return count > most ? { kind: "doubled", text } : undefined;
}

function judgeEvent(event: PlannedEvent, index: number, outcome: Outcome): Violation[] {
  const calls = outcome.calls[index] ?? [];
  const answer = outcome.answers[index];
  const bodies = calls.flatMap(({ saw }) => ("body" in saw ? [saw.body] : []));
  const problems: Problem[] = [
    answer === undefined
      ? { kind: "lost", text: "got no answer after everything was well again" }
      : judgeEffect(event, answer, outcome.effects[index]?.count ?? 0),
    new Set(bodies).size > 1 ? { kind: "other", text: "was given different answers" } : undefined,
    isLinearizable(calls) ? undefined : { kind: "other", text: "has calls that no order explains" },
  ];
  return problems
    .filter((problem) => problem !== undefined)
    .map(({ kind, text }) => ({ kind, text: `${event.action} ${event.key} ${text}` }));
}

function judgeRest({ trouble }: History, outcome: Outcome): Violation[] {
  const { openJobs, deadLetters, liveClaims, exits, failedStarts } = outcome;
  const mayFail = STARTS_MAY_FAIL.has(trouble.kind);
  const counts: readonly (readonly [number, string])[] = [
    [openJobs, "jobs never ended"],
    [deadLetters, "jobs are dead letters"],
    [liveClaims, "claims were left behind"],
    [mayFail ? 0 : failedStarts, "servers found no database although it was there"],
  ];
  return [
    ...counts
      .filter(([count]) => count > 0)
      .map(([count, what]) => ({ kind: "other", text: `${count} ${what}` }) as const),
    ...exits.map((text) => ({ kind: "exit", text }) as const),
  ];
}

export function judge(history: History, outcome: Outcome): Violation[] {
  const problems = [
    ...history.events.flatMap((event, index) => judgeEvent(event, index, outcome)),
    ...judgeRest(history, outcome),
  ];
  const { seed, trouble } = history;
  return problems.map(({ kind, text }) => ({
    kind,
    text: `seed ${seed} (${trouble.kind}): ${text}`,
  }));
}
