/** From an action's work to what a store commits: effects as they are, answers as the text that is recorded. */
import type { Transaction } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Answer } from "./record.ts";
import type { Together, Work } from "./work.ts";

/** Does the effects and yields the answer, inside the transaction that completes the record. */
export interface Settle {
  (trx: Transaction<Database>): Promise<Answer>;
  /** As of a commit; also given where there is nothing to do but to record. */
  readonly together?: Together<Answer>;
}

export function toAnswer(answer: unknown): Answer {
  return { status: 200, body: JSON.stringify(answer) };
}

type All<A> = Together<A>["all"];

/** The kind of work that has no effects in our database: its items are its answers. */
const recordOnly: All<unknown> = async (_trx, answers) => answers;

/** One for each `all`, because it is what a kind is known by. */
const answering = new WeakMap<All<unknown>, All<Answer>>();

function toAnswering(all: All<unknown>): All<Answer> {
  const known = answering.get(all);
  if (known) return known;
  const made: All<Answer> = async (trx, items) => (await all(trx, items)).map(toAnswer);
  answering.set(all, made);
  return made;
}

export function toSettle({ answer, commit }: Work<unknown>): Settle {
  const settle: Settle = async (trx) => toAnswer((await commit?.(trx)) ?? answer);
  const together = commit ? commit.together : { item: answer, all: recordOnly };
  if (!together) return settle;
  return Object.assign(settle, {
    together: { item: together.item, all: toAnswering(together.all) },
  });
}
