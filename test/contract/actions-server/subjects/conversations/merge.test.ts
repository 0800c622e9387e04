/** Does every stored conversation point to the last surviving ticket, whatever the order of merges and captures? */
import type { Kysely } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import type { Database } from "#platform/db/schema";
import { associate } from "#subjects/agents/associate";
import { upsertConversation } from "#subjects/conversations/conversation-store";
import { mergeConversation } from "#subjects/conversations/merge";
import { freshDatabase } from "#test/support/postgres";
import {
  conversationOf,
  ticketWithUsers,
} from "#test/unit/actions-server/remotes/zendesk/ticket-samples";
import { runCommit } from "../../../../support/run-commit.ts";

let db: Kysely<Database>;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

async function merge(account: string, ticketId: number | string, targetId: number | string) {
  const work = await mergeConversation(
    { now: () => new Date(), associate },
    { ticket_id: ticketId, target_ticket_id: targetId },
    { account },
  );
  const answer = await db.transaction().execute(async (trx) => runCommit(work, trx));
  return answer ?? work.answer;
}

const capture = (account: string, ticketId: number) =>
  db.transaction().execute((trx) =>
    upsertConversation(trx, account, {
      conversation: conversationOf(ticketWithUsers({ id: ticketId })),
      caseId: undefined,
      observedAt: new Date(),
      capturedAt: new Date(),
    }),
  );

/** Ticket, where it went, and how often it was captured. */
async function stored(account: string) {
  const rows = await db
    .selectFrom("qa_conversations")
    .select(["ticket_id", "merged_into", "captures"])
    .where("account_id", "=", account)
    .execute();
  return rows
    .map((row) => [Number(row.ticket_id), row.merged_into, row.captures])
    .toSorted((left, right) => Number(left[0]) - Number(right[0]));
}

describe("mergeConversation", () => {
  it("lets a stored conversation follow, and the same again changes nothing", async () => {
    await capture("plain", 1);
    const merged = { outcome: "merged", ticket_id: "1", target_ticket_id: "2" };
    expect(await merge("plain", 1, "2")).toEqual(merged);
    expect(await merge("plain", "1", 2)).toEqual(merged);
    expect(await stored("plain")).toEqual([[1, "2", 1]]);
    await capture("plain", 1);
    expect(await stored("plain")).toEqual([[1, "2", 2]]);
  });

  it("remembers the merge of a ticket that is stored later", async () => {
    expect(await merge("later", 1, 2)).toEqual({
      outcome: "recorded",
      ticket_id: "1",
      target_ticket_id: "2",
    });
    await capture("later", 1);
    await capture("later", 2);
    expect(await stored("later")).toEqual([
      [1, "2", 1],
      [2, null, 1],
    ]);
  });

  it.each([
    [
      "in order",
      [
        [1, 2],
        [2, 3],
        [3, 4],
      ],
    ],
    [
      "backwards",
      [
        [3, 4],
        [2, 3],
        [1, 2],
      ],
    ],
    [
      "the middle last",
      [
        [1, 2],
        [3, 4],
        [2, 3],
      ],
    ],
  ] as const)("follows a chain to its end when merges come %s", async (order, merges) => {
    for (const ticketId of [1, 2, 3]) await capture(order, ticketId);
    for (const [from, to] of merges) await merge(order, from, to);
    expect(await stored(order)).toEqual([
      [1, "4", 1],
      [2, "4", 1],
      [3, "4", 1],
    ]);
  });

  it("names the last survivor, also to a ticket that is not stored", async () => {
    await merge("last", 2, 3);
    expect(await merge("last", 1, 2)).toEqual({
      outcome: "recorded",
      ticket_id: "1",
      target_ticket_id: "3",
    });
    await capture("last", 1);
    expect(await stored("last")).toEqual([[1, "3", 1]]);
  });

  it.each([
    ["itself", [], [5, 5], "ticket 5 cannot be merged into 5: that is itself"],
    [
      "one that went into it",
      [[5, 6]],
      [6, 5],
      "ticket 6 cannot be merged into 5: 5 was merged into it",
    ],
    [
      "the end of its own chain",
      [
        [5, 6],
        [6, 7],
      ],
      [7, 5],
      "ticket 7 cannot be merged into 5: 5 was merged into it",
    ],
    [
      "another, by a correction",
      [
        [5, 6],
        [7, 5],
      ],
      [5, 7],
      "ticket 5 cannot be merged into 7: 7 was merged into it",
    ],
  ] as const)("refuses to merge a ticket into %s", async (what, before, [from, to], message) => {
    for (const [first, second] of before) await merge(what, first, second);
    await expect(merge(what, from, to)).rejects.toMatchObject({ code: "BAD_REQUEST", message });
    const rows = await db
      .selectFrom("qa_merges")
      .selectAll()
      .where("account_id", "=", what)
      .execute();
    expect(rows).toHaveLength(before.length);
  });

  it("takes the last of two targets, and those who followed follow there", async () => {
    for (const ticketId of [1, 2]) await capture("corrected", ticketId);
    await merge("corrected", 1, 2);
    await merge("corrected", 2, 3);
    await merge("corrected", 2, 4);
    expect(await stored("corrected")).toEqual([
      [1, "4", 1],
      [2, "4", 1],
    ]);
  });

  it("keeps accounts apart", async () => {
    await capture("ours", 1);
    await merge("theirs", 1, 2);
    await merge("ours", 2, 3);
    expect(await stored("ours")).toEqual([[1, null, 1]]);
  });

  it("ends right when merges and captures of a long chain come at once", async () => {
    const tickets = Array.from({ length: 20 }, (_, index) => index + 1);
    const shuffled = tickets.map((_, index) => tickets[(index * 7) % 20] ?? 0);
    await Promise.all(
      shuffled.flatMap((ticketId) => [
        merge("crowd", ticketId, ticketId + 1),
        capture("crowd", ticketId),
        capture("crowd", ticketId),
      ]),
    );
    expect(await stored("crowd")).toEqual(tickets.map((ticketId) => [ticketId, "21", 2]));
  });
});
