/** Faults that a server of this suite can be given: whether the suite notices them is the suite's own test. */
import { Client } from "pg";
import type { Config } from "#actions-server/config/config";
import { openDatabase } from "#platform/db/open";
import { toAnswer, type Answer } from "#platform/idempotency/record";
import type { IdempotencyStore } from "#platform/idempotency/store";
import type { BatchEffect } from "#platform/idempotency/work";
import { silentLog } from "../../support/silent-log.ts";

/**
 * - `split-commit`: the effect commits in a transaction of its own, before the record of its answer.
 * - `forgotten-answer`: a record is completed with an answer that nobody was given.
 * - `deaf-connections`: nobody listens for the errors of a connection, which then end the process.
 */
export const PLANTED_BUGS = ["split-commit", "forgotten-answer", "deaf-connections"] as const;
export type PlantedBug = (typeof PLANTED_BUGS)[number];

type Wrap = (store: IdempotencyStore) => IdempotencyStore;

/** Undefined or empty: none. */
export function plantBug(bug: string | undefined, config: Config): Wrap {
  if (bug === "split-commit") return splitCommit(config);
  if (bug === "forgotten-answer") return forgetAnswer;
  if (bug === "deaf-connections") deafen();
  return (store) => store;
}

function deafen(): void {
  const on = Client.prototype.on as (this: Client, name: string, hear: () => void) => Client;
  Client.prototype.on = function (this: Client, name: string, hear: () => void) {
    return name === "error" ? this : on.call(this, name, hear);
  } as Client["on"];
}

function splitCommit({ databaseUrl }: Config): Wrap {
  const opened = openDatabase({ databaseUrl: databaseUrl?.reveal(), dataDir: "", log: silentLog });
  const commitFirst = async ({ all, item }: BatchEffect): Promise<BatchEffect> => {
    const { db } = await opened;
    const answers = await db.transaction().execute((trx) => all(trx, [item]));
    return { kind: undefined, item, all: async () => answers };
  };
  return (store) => ({
    ...store,
    async complete(lease, { effect, ...completion }) {
      return store.complete(lease, { ...completion, effect: await commitFirst(effect) });
    },
    async completeUnclaimed(key, terms, effect) {
      return store.completeUnclaimed(key, terms, await commitFirst(effect));
    },
  });
}

/** Records another answer than `given` holds afterwards. */
function recordAnother(effect: BatchEffect) {
  const recorded: { given?: Answer; readonly effect: BatchEffect } = {
    effect: {
      ...effect,
      kind: undefined,
      async all(trx, items) {
        const [answer] = await effect.all(trx, items);
        recorded.given = toAnswer(answer);
        return [{ ...(answer as object), forgotten: true }];
      },
    },
  };
  return recorded;
}

const forgetAnswer: Wrap = (store) => ({
  ...store,
  async complete(lease, completion) {
    const recorded = recordAnother(completion.effect);
    const answer = await store.complete(lease, { ...completion, effect: recorded.effect });
    return answer && recorded.given;
  },
  async completeUnclaimed(key, terms, effect) {
    const recorded = recordAnother(effect);
    const answer = await store.completeUnclaimed(key, terms, recorded.effect);
    return answer && recorded.given;
  },
});
