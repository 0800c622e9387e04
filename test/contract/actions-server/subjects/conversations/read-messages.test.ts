/** Are the messages of listed conversations read in order, each once, and what becomes of those that cannot be read? */
import { beforeEach, describe, expect, it } from "vitest";
import type { OpenDatabase } from "#platform/db/open";
import { AppError } from "#platform/errors";
import type { Conversation } from "#remotes/zendesk/reader";
import { upsertConversation } from "#subjects/conversations/conversation-store";
import { readMessages, type ReadMessagesDeps } from "#subjects/conversations/read-messages";
import { storeHeaders } from "#subjects/conversations/store-headers";
import { countWanted } from "#subjects/conversations/wanted-messages";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";
import {
  commentRow,
  conversationOf,
  ticketWithUsers,
} from "#test/unit/actions-server/remotes/zendesk/ticket-samples";

const NOW = new Date("2026-11-25T08:00:00Z");
const account = "acme";

let database: OpenDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});

type Row = Parameters<typeof ticketWithUsers>[0];

const list = (rows: readonly Row[]) =>
  database.db.transaction().execute((trx) =>
    storeHeaders(trx, account, {
      tickets: rows.map((row) => ticketWithUsers(row)),
      observedAt: new Date(NOW.getTime() - 1_000),
    }),
  );

function reader(
  answer: (ticketId: string) => Conversation | undefined = (id) => whole({ id: Number(id) }),
) {
  const read: string[] = [];
  let nowMs = NOW.getTime();
  const deps: ReadMessagesDeps = {
    db: database.db,
    zendesk: {
      async conversation(ticketId) {
        read.push(ticketId);
        return answer(ticketId);
      },
    },
    store: upsertConversation,
    noteReading: () => {},
    now: () => new Date(nowMs),
    newId: () => "request",
    log: silentLog,
  };
  return { deps, read, later: (ms: number) => void (nowMs += ms) };
}

const whole = (row: Row) => conversationOf(ticketWithUsers(row), [commentRow(1), commentRow(2)]);
const left = () => countWanted(database.db, account);
const stored = () =>
  database.db
    .selectFrom("qa_conversations")
    .select(["ticket_id", "message_count", "messages_wanted", "deleted_at", "captures"])
    .orderBy("ticket_id")
    .execute();
const updated = (day: number) => `2026-11-0${day}T00:00:00Z`;
const refuse = () => {
  throw new AppError("ZENDESK_REFUSED", "403");
};

describe("readMessages", () => {
  it("reads tickets with an assignee first, the newest first, and each once", async () => {
    await list([
      { id: 1, updated_at: updated(1) },
      { id: 2, updated_at: updated(3), assignee_id: null },
      { id: 3, updated_at: updated(2) },
      { id: 4, updated_at: updated(1), assignee_id: null },
    ]);
    const rows: Record<string, Row> = {
      1: { id: 1, updated_at: updated(1) },
      2: { id: 2, updated_at: updated(3), assignee_id: null },
      3: { id: 3, updated_at: updated(2) },
      4: { id: 4, updated_at: updated(1), assignee_id: null },
    };
    const { deps, read } = reader((id) => whole(rows[id]!));
    expect(await left()).toEqual({ left: 4, refused: 0 });
    expect(await readMessages(deps, { account })).toBeUndefined();
    expect(read).toEqual(["3", "1", "2", "4"]);
    expect(await left()).toEqual({ left: 0, refused: 0 });
    expect(await stored()).toMatchObject(
      [1, 2, 3, 4].map((id) => ({ ticket_id: String(id), message_count: 2, captures: 1 })),
    );
    await readMessages(deps, { account });
    expect(read).toHaveLength(4);
  });

  it("hides a ticket that was deleted since the export named it", async () => {
    await list([{ id: 1 }, { id: 2 }]);
    const { deps } = reader((id) => (id === "1" ? undefined : whole({ id: 2 })));
    await readMessages(deps, { account });
    expect(await stored()).toMatchObject([
      { ticket_id: "1", deleted_at: NOW, messages_wanted: null },
      { ticket_id: "2", deleted_at: null, message_count: 2 },
    ]);
  });

  it("stores nothing of a ticket that was erased while it was read", async () => {
    await list([{ id: 1 }]);
    const { deps } = reader();
    const erasing: ReadMessagesDeps = {
      ...deps,
      zendesk: {
        async conversation(id) {
          const known = { account_id: account, ticket_id: id, state: "erased" } as const;
          const at = { event_key: "k", event_order: "k", occurred_at: NOW, recorded_at: NOW };
          await database.db
            .insertInto("qa_deletions")
            .values({ ...known, ...at })
            .execute();
          await database.db.deleteFrom("qa_conversations").execute();
          return whole({ id: 1 });
        },
      },
    };
    expect(await readMessages(erasing, { account })).toBeUndefined();
    expect(await stored()).toEqual([]);
  });

  it("gives up a ticket that Zendesk refuses, but none when it refuses all", async () => {
    await list([{ id: 1 }, { id: 2 }, { id: 3 }]);
    const some = reader((id) => (id === "3" ? refuse() : whole({ id: Number(id) })));
    await readMessages(some.deps, { account });
    expect(await left()).toEqual({ left: 0, refused: 1 });
    // A newer state is read again.
    await list([{ id: 3, updated_at: "2026-11-22T00:00:00Z" }]);
    expect(await left()).toEqual({ left: 1, refused: 0 });

    await list(Array.from({ length: 60 }, (_, at) => ({ id: at + 100 })));
    const none = reader(refuse);
    await expect(readMessages(none.deps, { account })).rejects.toMatchObject({
      code: "ZENDESK_REFUSED",
    });
    expect(none.read.length).toBeLessThan(30);
    expect(await left()).toEqual({ left: 61, refused: 0 });
  });

  it("ends with Zendesk's failure, and the next run reads the rest", async () => {
    await list([{ id: 1 }, { id: 2 }]);
    let isAway = true;
    const { deps } = reader((id) => {
      if (isAway) throw new AppError("ZENDESK_UNAVAILABLE", "503", { retryAfterSeconds: 9 });
      return whole({ id: Number(id) });
    });
    await expect(readMessages(deps, { account })).rejects.toMatchObject({ retryable: true });
    isAway = false;
    await readMessages(deps, { account });
    expect(await left()).toEqual({ left: 0, refused: 0 });
  });

  it("comes back for a ticket that Zendesk shows in an older state than the export", async () => {
    await list([{ id: 1, updated_at: updated(5) }]);
    const { deps } = reader(() => whole({ id: 1, updated_at: updated(4) }));
    expect(await readMessages(deps, { account })).toBe(60_000);
    expect(await left()).toEqual({ left: 1, refused: 0 });
  });

  it("goes on in another run when its time is over, and only one run reads at once", async () => {
    await list(Array.from({ length: 12 }, (_, at) => ({ id: at + 1 })));
    const { deps, read, later } = reader((id) => {
      later(2 * 60_000);
      return whole({ id: Number(id) });
    });
    const both = await Promise.all([1, 2].map(() => readMessages(deps, { account })));
    expect(new Set(both)).toEqual(new Set([0, undefined]));
    expect(read.length).toBeLessThan(12);
    while ((await readMessages(deps, { account })) !== undefined);
    expect(new Set(read).size).toBe(12);
    expect(read).toHaveLength(12);
  });
});
