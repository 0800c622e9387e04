/** Lets calls that come at once share one statement, without making a lonely one wait. */
import { setImmediate } from "node:timers/promises";
import { DatabaseTimeout, isDatabaseUnavailable } from "../db/database-errors.ts";
import { within } from "../deadline.ts";

const MOST_AT_ONCE = 2;
const LARGEST = 100;
/** Longer than a lock is waited for; whoever is in a batch has little more time. */
const DEADLINE_MS = 3_000;

interface Waiting<Member, Result> {
  readonly member: Member;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * `run` does the work of all members and yields a result for each at its place. A call starts at once while fewer than
 * two batches are on their way; what comes meanwhile is the next batch, so batches grow with the load and no timer holds
 * a call back. A batch that fails is done again, each member alone: one bad member fails by itself. So `run` must do
 * nothing that stays when it fails, or be safe to be done again. A batch that is not done in time fails, and makes way for
 * the next one; what becomes of it is then not known.
 */
export function createBatches<Member, Result>(
  run: (members: readonly Member[]) => Promise<readonly Result[]>,
  deadlineMs = DEADLINE_MS,
): (member: Member) => Promise<Result> {
  let waiting: Waiting<Member, Result>[] = [];
  let onTheirWay = 0;

  async function runBatch(batch: readonly Waiting<Member, Result>[]): Promise<void> {
    try {
      const running = run(batch.map(({ member }) => member));
      const results = await within(deadlineMs, running, () => new DatabaseTimeout());
      if (results.length !== batch.length) throw new Error("a batch has to answer every member");
      // As many as members, hence never undefined unless that is the result.
      for (const [at, { resolve }] of batch.entries()) resolve(results[at] as Result);
    } catch (error) {
      if (batch.length > 1 && !isDatabaseUnavailable(error)) {
        await Promise.all(batch.map((each) => runBatch([each])));
      } else for (const { reject } of batch) reject(error);
    }
  }

  async function next(): Promise<void> {
    onTheirWay += 1;
    // What came in the same turn of the event loop comes along.
    await setImmediate();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, LARGEST);
      waiting = waiting.slice(LARGEST);
      await runBatch(batch);
    }
    onTheirWay -= 1;
  }

  return (member) =>
    new Promise((resolve, reject) => {
      waiting.push({ member, resolve, reject });
      if (onTheirWay < MOST_AT_ONCE) void next();
    });
}
