/** An account's limit that a neighbour and our background work share, played on a clock of its own. */
import { decideBudget } from "#platform/outbound/budget";
import { createLocalCounters } from "#platform/outbound/budget-counters";

const MINUTE_MS = 60_000;
const STEP_MS = 100;

interface Play {
  readonly minutes: number;
  readonly limit: (minute: number) => number;
  /** When in the minute the neighbour calls, in milliseconds from its begin. */
  readonly neighbour: (minute: number) => readonly number[];
  /** The share of it is ours alone among our programs, as the export's limit is. */
  readonly background?: boolean;
  /** How long a page takes. */
  readonly tookMs?: number;
  /** Where our clock's minute begins in the remote system's. */
  readonly phaseMs?: number;
}

export interface MinutePlayed {
  ours: number;
  /** Calls of ours that were refused with a 429. */
  refused: number;
  neighbour: number;
  /** Calls of the neighbour that were refused, because we took too many. */
  starved: number;
}

/** Background work that always wants another page, one after the other. */
export async function play(plan: Play): Promise<MinutePlayed[]> {
  const { minutes, limit, neighbour, background = true, tookMs = 300, phaseMs = 17_300 } = plan;
  let nowMs = 0;
  const counters = createLocalCounters(
    { windowMs: MINUTE_MS, longestMs: 600_000, probeMs: MINUTE_MS, rolling: false },
    () => nowMs,
  );
  const played = Array.from({ length: minutes }, () => ({
    ours: 0,
    refused: 0,
    neighbour: 0,
    starved: 0,
  }));
  let freeAtMs = phaseMs;
  let pending: (() => Promise<void>) | undefined;
  for (; nowMs < minutes * MINUTE_MS; nowMs += STEP_MS) {
    const index = Math.floor(nowMs / MINUTE_MS);
    const minute = played[index]!;
    const most = limit(index);
    const intoMs = nowMs % MINUTE_MS;
    const calls = neighbour(index).filter((at) => at >= intoMs && at < intoMs + STEP_MS);
    for (const _ of calls) {
      if (minute.ours + minute.neighbour < most) minute.neighbour += 1;
      else minute.starved += 1;
    }
    if (nowMs < freeAtMs) continue;
    await pending?.();
    pending = undefined;
    const { turn, ...window } = await counters.take("x");
    const decision = decideBudget(window, { share: 1, priority: "backfill", background });
    if (decision.kind === "denied") {
      await counters.giveBack("x", turn);
      freeAtMs = nowMs + Math.max(STEP_MS, decision.retryMs);
      continue;
    }
    const isRefused = minute.ours + minute.neighbour >= most;
    minute[isRefused ? "refused" : "ours"] += 1;
    const remaining = most - minute.ours - minute.neighbour;
    const resetSeconds = Math.ceil((MINUTE_MS - intoMs) / 1_000);
    const report = { name: "x", limit: most, remaining, resetSeconds };
    freeAtMs = nowMs + tookMs;
    pending = () => counters.record("x", turn, { tookMs, report });
  }
  return played;
}

export function total(played: readonly MinutePlayed[], count: keyof MinutePlayed): number {
  return played.reduce((sum, minute) => sum + minute[count], 0);
}
