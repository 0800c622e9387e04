/** Where tokens are kept between calls: what a store promises, and the one that keeps them in memory only. */
import type { HeldToken } from "./token.ts";

export interface TokenSlot {
  /** The token that was saved last, by whatever instance. */
  readonly held: HeldToken | undefined;
  /** When the first renewal began of which neither a token nor a refusal is known since. */
  readonly unfinishedSince: Date | undefined;
  /** A renewal begins that may use the refresh token up. Durable once it resolves. */
  begin(): Promise<void>;
  /** The renewal was refused: it used nothing up. */
  abandon(): Promise<void>;
  /** Durable once it resolves; nothing is unfinished then. */
  save(token: HeldToken): Promise<void>;
}

export interface TokenStore {
  /** Runs `work` while no other instance that shares the store runs any. */
  exclusively<T>(work: (slot: TokenSlot) => Promise<T>): Promise<T>;
}

/** Shared with nobody and gone with the process: each instance fetches tokens of its own. */
export function createMemoryTokenStore(): TokenStore {
  let held: HeldToken | undefined;
  let last: Promise<unknown> = Promise.resolve();

  return {
    exclusively(work) {
      const run = async () =>
        work({
          held,
          // It dies with the process, and the token with it.
          unfinishedSince: undefined,
          begin: async () => {},
          abandon: async () => {},
          save: async (token) => {
            held = token;
          },
        });
      const turn = last.then(run, run);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
