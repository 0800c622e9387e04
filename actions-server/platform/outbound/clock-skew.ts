/** How far the clock of a remote system is from ours, as the Date header of its last reply says. */
import { readHttpDate } from "./http-date.ts";
import type { Outbound } from "./send.ts";

export interface ClockSkew {
  readonly outbound: Outbound;
  /** Seconds that the remote clock is ahead; undefined: there was no reply yet. */
  aheadSeconds(): number | undefined;
}

interface ClockSkewOptions {
  readonly outbound: Outbound;
  /** Only answers of this origin count. */
  readonly origin: string;
  readonly now: () => Date;
}

/** The header is in whole seconds and the answer takes its way: a difference of a second says nothing. */
export function watchClockSkew({ outbound, origin, now }: ClockSkewOptions): ClockSkew {
  let ahead: number | undefined;
  return {
    aheadSeconds: () => ahead,
    outbound: {
      async send(outgoing, deadline) {
        const result = await outbound.send(outgoing, deadline);
        if (result.kind === "reply" && outgoing.url.startsWith(`${origin}/`)) {
          const theirs = readHttpDate(result.headers["date"]);
          if (theirs !== undefined) ahead = (theirs - now().getTime()) / 1_000;
        }
        return result;
      },
      close: () => outbound.close(),
    },
  };
}
