/** Where tokens are kept between calls: what a store promises, and the one that keeps them in memory only. */
import type { HeldToken } from "./token.ts";

interface TokenSlot {
  /** The token that was saved last, by whatever instance. */
  readonly held: HeldToken | undefined;
  /** Durable once it resolves. */
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
