/** Remembers what the replies of a remote system said of its limits, and how many calls went out in the last minute. */
import type { LimitReport } from "./budget.ts";
import type { Outbound, OutboundRequest } from "./send.ts";

export interface LimitMemory {
  /** Sends through the outbound that it wraps. */
  readonly outbound: Outbound;
  /** The limit that the last reply named; undefined: none has named it since the start. */
  readonly limitOf: (name: string) => number | undefined;
  /** Of this process. */
  readonly callsInLastMinute: () => number;
}

interface LimitMemoryOptions {
  readonly readLimits: (headers: Readonly<Record<string, string>>) => readonly LimitReport[];
  /** Whether a call counts against the limits. */
  readonly counts: (request: OutboundRequest) => boolean;
  readonly monotonicMs: () => number;
}

const MINUTE_MS = 60_000;
const MOST_NAMES = 100;

export function rememberLimits(
  outbound: Outbound,
  { readLimits, counts, monotonicMs }: LimitMemoryOptions,
): LimitMemory {
  const limits = new Map<string, number>();
  /** When calls went out, in order. */
  let sent: number[] = [];

  function note(): void {
    const nowMs = monotonicMs();
    const first = sent.findIndex((at) => at > nowMs - MINUTE_MS);
    if (first > 0) sent = sent.slice(first);
    sent.push(nowMs);
  }

  return {
    outbound: {
      async send(outgoing, deadline) {
        if (counts(outgoing)) note();
        const result = await outbound.send(outgoing, deadline);
        if (result.kind === "reply") {
          for (const { name, limit } of readLimits(result.headers)) {
            if (limits.has(name) || limits.size < MOST_NAMES) limits.set(name, limit);
          }
        }
        return result;
      },
      close: () => outbound.close(),
    },
    limitOf: (name) => limits.get(name),
    callsInLastMinute: () => sent.filter((at) => at > monotonicMs() - MINUTE_MS).length,
  };
}
