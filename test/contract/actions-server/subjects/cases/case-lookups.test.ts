/** Is the later look-up of a ticket kept, and none of a ticket that was erased? */
import { beforeAll, expect, it } from "vitest";
import type { OpenDatabase } from "#platform/db/open";
import { forgetLookUp, rememberLookUp } from "#subjects/cases/case-lookups";
import { freshDatabase } from "#test/support/postgres";

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

const remember = (ticketId: string, caseId: string | null, second: number) =>
  rememberLookUp(database.db, "acme", {
    ticketId,
    caseId,
    typedNumber: "1\0",
    lookedAt: new Date(Date.UTC(2026, 10, 20, 12, 0, second)),
  });

async function known(ticketId: string) {
  const { rows } = await database.pool.query<{ case_id: string | null; case_number: string }>(
    "select case_id, case_number from case_lookups where account_id = 'acme' and ticket_id = $1",
    [ticketId],
  );
  return rows;
}

it("keeps the later of two, whichever comes first", async () => {
  await remember("1", "A", 5);
  await remember("1", "B", 4);
  expect(await known("1")).toEqual([{ case_id: "A", case_number: "1\ufffd" }]);
  await remember("1", null, 6);
  expect(await known("1")).toEqual([{ case_id: null, case_number: "1\ufffd" }]);
});

it("forgets a ticket that is erased, and keeps nothing of it again", async () => {
  await remember("2", "A", 1);
  await database.db.transaction().execute((trx) => forgetLookUp(trx, "acme", "2"));
  await database.pool.query(`
    insert into qa_deletions (account_id, ticket_id, state, event_key, event_order, occurred_at, recorded_at)
    values ('acme', '2', 'erased', 'k', 'k', now(), now())`);
  await remember("2", "A", 9);
  expect(await known("2")).toEqual([]);
});
