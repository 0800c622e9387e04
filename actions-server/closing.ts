/** Closes what was opened, in reverse order and within a time limit. */
import { within } from "#platform/deadline";
import type { Log } from "#platform/log";

/** Time beyond the grace for jobs: for one part to close, and for all of them. */
const PART_MS = 2_000;
const CLOSE_MS = 10_000;

export interface Closing {
  /** In the order of opening. */
  readonly add: (close: () => Promise<void>) => void;
  /** May be called twice. A part that fails or hangs is logged and does not keep the others open. */
  readonly close: () => Promise<void>;
}

export function createClosing(graceMs: number, log: Log): Closing {
  const parts: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;
  const attempt = (limitMs: number, task: Promise<void>) =>
    within(limitMs, task, () => new Error(`not done within ${limitMs} ms`)).catch(
      (error: unknown) => log.error({ err: error }, "closing failed"),
    );
  const closeAll = async () => {
    for (const close of parts.toReversed()) await attempt(graceMs + PART_MS, close());
  };
  return {
    add: (close) => void parts.push(close),
    close: () => (closing ??= attempt(graceMs + CLOSE_MS, closeAll())),
  };
}
