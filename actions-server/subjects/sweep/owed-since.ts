/** Since when changes in Zendesk have not been swept, judging by past sweeps. Pure. */

export interface PastSweep {
  readonly since: Date;
  readonly requestedAt: Date;
  readonly state: "finished" | "failed";
}

/** Before a sweep's request: what was changed then may not have been exported, or its event still on its way. */
const MARGIN_MS = 10 * 60_000;
/** Of the first sweep. */
const FIRST_MS = 24 * 3_600_000;

/**
 * Where the sweeps that finished end without a gap, or the beginning of one that failed and that none has covered since:
 * whichever is earlier. `sweeps`: in the order of their requests, without those that only report.
 */
export function owedSince(sweeps: readonly PastSweep[], now: Date): Date {
  let coveredMs: number | undefined;
  let failed: Date[] = [];
  for (const { since, requestedAt, state } of sweeps) {
    if (state === "failed") {
      failed.push(since);
      continue;
    }
    failed = failed.filter((begin) => begin < since);
    const endMs = requestedAt.getTime() - MARGIN_MS;
    if (coveredMs === undefined) coveredMs = endMs;
    else if (since.getTime() <= coveredMs) coveredMs = Math.max(coveredMs, endMs);
  }
  const begins = failed.map((begin) => begin.getTime());
  return new Date(Math.min(coveredMs ?? now.getTime() - FIRST_MS, ...begins));
}
