/** Does the store keep the latest state of each response of a customer, whatever comes twice, at once or late? */
import type { Kysely } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import type { RecordSatisfactionRequest } from "#contract/actions/record-satisfaction";
import type { Database } from "#platform/db/schema";
import { recordDeletion } from "#subjects/conversations/record-deletion";
import { recordSatisfaction } from "#subjects/conversations/record-satisfaction";
import { freshDatabase } from "#test/support/postgres";
import { runCommit } from "../../../../support/run-commit.ts";

let db: Kysely<Database>;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

const now = () => new Date("2026-11-21T12:00:00Z");
/** An instant of the second `second` after noon. */
const at = (second: number) =>
  new Date(Date.parse("2026-11-20T12:00:00Z") + second * 1_000).toISOString();

type Members = Partial<RecordSatisfactionRequest>;

const respond = (account: string, second: number, score: string, members: Members = {}) =>
  recordSatisfaction(
    now,
    {
      ticket_id: 1,
      response_id: "r1",
      kind: "survey",
      score,
      occurred_at: at(second),
      ...members,
    },
    { account, idempotencyKey: `S:${second}:${score}` },
  );

async function answer(account: string, second: number, score: string, members: Members = {}) {
  const work = await respond(account, second, score, members);
  const given = await db.transaction().execute((trx) => runCommit(work, trx));
  return given && [given.outcome, given.current];
}

async function inOneBatch(works: readonly Awaited<ReturnType<typeof respond>>[]) {
  const [first] = works;
  if (typeof first?.commit !== "object") return expect.fail("responses are batched");
  const { all } = first.commit;
  const items = works.map(({ commit }) => (typeof commit === "object" ? commit.item : undefined));
  return db.transaction().execute((trx) => all(trx, items));
}

async function erase(account: string) {
  const work = await recordDeletion(
    { now, enqueueCapture: async () => {}, forgetTicket: async () => {} },
    { ticket_id: 1, state: "erased", occurred_at: at(5) },
    { account, requestId: "r", idempotencyKey: "D:1" },
  );
  await db.transaction().execute((trx) => runCommit(work, trx));
}

const stored = (account: string) =>
  db
    .selectFrom("qa_satisfaction")
    .select(["response_id", "score", "rating", "comment", "requester_id"])
    .where("account_id", "=", account)
    .orderBy("response_id")
    .execute();

async function scores(account: string) {
  return (await stored(account)).map((row) => `${row.response_id} ${row.score}`);
}

describe("a response", () => {
  it("is kept with all that it says, in storable text", async () => {
    const said = { rating: 5, comment: "thanks\u0000 \ud800", requester_id: "9007199254740993" };
    expect(await answer("whole", 1, "good", said)).toEqual(["recorded", true]);
    const [row] = await stored("whole");
    expect(row).toMatchObject({ score: "good", rating: 5, requester_id: "9007199254740993" });
    expect(row?.comment).toMatch(/^thanks/);
  });

  it("is one row when it comes twice", async () => {
    expect(await answer("twice", 1, "good")).toEqual(["recorded", true]);
    expect(await answer("twice", 1, "good")).toEqual(["recorded", true]);
    expect(await scores("twice")).toEqual(["r1 good"]);
  });

  it("has its latest state, and a late one changes nothing", async () => {
    await answer("late", 2, "bad");
    expect(await answer("late", 1, "good")).toEqual(["recorded", false]);
    expect(await answer("late", 3, "good")).toEqual(["recorded", true]);
    expect(await scores("late")).toEqual(["r1 good"]);
  });

  it("ends the same when two states of one second come in either order", async () => {
    for (const score of ["good", "bad"]) await answer("tie", 1, score);
    for (const score of ["bad", "good"]) await answer("tied", 1, score);
    expect(await scores("tied")).toEqual(await scores("tie"));
  });

  it("has its latest state when all come at once, in transactions of their own", async () => {
    await Promise.all([3, 1, 4, 2].map((second) => answer("race", second, `s${second}`)));
    expect(await scores("race")).toEqual(["r1 s4"]);
  });

  it("has its latest state when states come in one batch, beside another response", async () => {
    const works = await Promise.all([
      respond("batch", 2, "good"),
      respond("batch", 1, "bad"),
      respond("batch", 1, "offered", { response_id: "r2" }),
    ]);
    const answers = await inOneBatch(works);
    expect(answers).toMatchObject([{ current: true }, { current: false }, { current: true }]);
    expect(await scores("batch")).toEqual(["r1 good", "r2 offered"]);
  });

  it("is erased with its ticket, and nothing is kept of it again", async () => {
    await answer("erased", 1, "good");
    await answer("erased", 1, "good", { ticket_id: 2 });
    await erase("erased");
    expect(await answer("erased", 9, "bad")).toEqual(["ticket_erased", false]);
    expect(await scores("erased")).toEqual(["r1 good"]);
  });

  it("is refused when it happened more than a day in the future", async () => {
    await expect(respond("future", 10 * 86_400, "good")).rejects.toThrow("body.occurred_at");
  });
});
