/** Do attributes follow what events change in the store, of stored conversations only and in one order of accounts? */
import { expect, it } from "vitest";
import { upsertConversation } from "#subjects/conversations/conversation-store";
import { deriveAgain } from "#subjects/conversations/store-conversation";
import { freshDatabase } from "#test/support/postgres";
import {
  conversationOf,
  ticketWithUsers,
} from "#test/unit/actions-server/remotes/zendesk/ticket-samples";

it("computes attributes of the stored ones, account by account", async () => {
  const { db } = await freshDatabase();
  const at = new Date("2026-11-20T13:00:00Z");
  for (const [account, id] of [
    ["b", 1],
    ["a", 2],
    ["a", 3],
  ] as const) {
    const conversation = conversationOf(ticketWithUsers({ id }, []));
    const snapshot = { conversation, caseId: undefined, observedAt: at, capturedAt: at };
    await db.transaction().execute((trx) => upsertConversation(trx, account, snapshot));
  }
  const associated: string[] = [];
  const computed: unknown[] = [];
  const derived = {
    agents: {
      noteAgents: async () => {},
      associate: async (_: unknown, tickets: readonly { ticketId: string }[]) =>
        void associated.push(...tickets.map(({ ticketId }) => ticketId)),
    },
    storeAttributes: async (_: unknown, account: string, subjects: object) =>
      void computed.push([account, subjects]),
  };
  const ticket = (account: string, ticketId: string) => ({ account, ticketId });
  const changed = [
    ticket("b", "1"),
    ticket("a", "2"),
    ticket("a", "2"),
    ticket("a", "99"),
    ticket("b", "2"),
  ];
  await db.transaction().execute((trx) => deriveAgain(derived, trx, changed));
  expect(associated).toEqual(["1", "2", "2"]);
  expect(computed).toEqual([
    ["a", { tickets: ["2"], users: [] }],
    ["b", { tickets: ["1"], users: [] }],
  ]);
});
