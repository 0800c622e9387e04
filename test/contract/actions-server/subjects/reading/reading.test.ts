/** Do reviewers and programs read what is stored: filtered, page by page, their own only, and every change once at least? */
import { beforeAll, describe, expect, it } from "vitest";
import { sql, type Kysely } from "kysely";
import type { ConversationQuery } from "#contract/routes/conversations";
import type { Database } from "#platform/db/schema";
import { upsertConversation } from "#subjects/conversations/conversation-store";
import { exportFile } from "#subjects/reading/export-file";
import { listConversations } from "#subjects/reading/list-conversations";
import { readChanges } from "#subjects/reading/read-changes";
import { readConversation, readMessages } from "#subjects/reading/read-conversation";
import { freshDatabase } from "#test/support/postgres";
import {
  commentRow,
  conversationOf,
  ticketWithUsers,
  userRow,
} from "#test/unit/actions-server/remotes/zendesk/ticket-samples";

let db: Kysely<Database>;

type Ticket = Parameters<typeof ticketWithUsers>[0];

const AGENT = { ...userRow, id: 6, name: "Ada", role: "agent" };

async function store(
  ticket: Ticket,
  comments: ReturnType<typeof commentRow>[] = [commentRow(1)],
  account = "acme",
): Promise<void> {
  const at = new Date("2026-11-20T13:00:00Z");
  const conversation = conversationOf(ticketWithUsers(ticket, [userRow, AGENT]), comments);
  const snapshot = { conversation, caseId: undefined, observedAt: at, capturedAt: at };
  await db.transaction().execute((trx) => upsertConversation(trx, account, snapshot));
}

async function respond(ticketId: string, responseId: string, minute: number, score: string) {
  await db
    .insertInto("qa_satisfaction")
    .values({
      account_id: "acme",
      ticket_id: ticketId,
      response_id: responseId,
      kind: "survey",
      score,
      rating: 4,
      comment: null,
      reason: null,
      requester_id: "5",
      event_order: responseId,
      occurred_at: new Date(updated(minute)),
      recorded_at: new Date(updated(minute)),
    })
    .execute();
}

const noAttributes = async () => new Map();

const list = (query: Partial<ConversationQuery>, agentId?: string, account = "acme") =>
  listConversations(db, account, agentId === undefined ? undefined : { agentId }, {
    limit: 50,
    ...query,
  });

async function ids(query: Partial<ConversationQuery>, agentId?: string): Promise<string[]> {
  const { conversations } = await list(query, agentId);
  return conversations.map((one) => one.ticket_id);
}

async function text(format: "ndjson" | "csv"): Promise<string> {
  let all = "";
  for await (const part of exportFile(db, "acme", format, {}).parts) all += part;
  return all;
}

const updated = (minute: number) => `2026-11-20T12:${String(minute).padStart(2, "0")}:00Z`;

beforeAll(async () => {
  ({ db } = await freshDatabase());
  await store({ id: 1, updated_at: updated(1), tags: ["vip"], group_id: 70 }, [
    commentRow(11, { body: "Mon café est froid" }),
    commentRow(12, { body: "Sorry!", author_id: 6, public: false }),
  ]);
  await store(
    {
      id: 2,
      updated_at: updated(2),
      tags: [],
      assignee_id: 8,
      status: "closed",
      custom_fields: [
        { id: 77, value: "gold" },
        { id: 78, value: ["red", "blue"] },
        { id: 79, value: true },
        { id: 80, value: 12.5 },
      ],
    },
    [commentRow(21, { body: "شَحْنَة لم تصل", author_id: 8 })],
  );
  await store(
    { id: 3, updated_at: updated(2), via: { channel: "chat" }, created_at: "2019-01-01T00:00:00Z" },
    [commentRow(31, { body: "荷物が届きません", html_body: null })],
  );
  await store({ id: 4, updated_at: updated(3), subject: '=1+1, "quoted"' });
  await store({ id: 5, updated_at: updated(4) }, [commentRow(1)], "other");
  await respond("1", "r1", 1, "bad");
  await respond("1", "r2", 2, "good");
  await respond("2", "r1", 1, "good");
  await respond("2", "r2", 2, "bad");
});

describe("the list", () => {
  it("has the most recently changed first, of this account only", async () => {
    expect(await ids({})).toEqual(["4", "3", "2", "1"]);
  });

  it.each<[Partial<ConversationQuery>, string[]]>([
    [{ agent: 8 }, ["2"]],
    [{ group: "70" }, ["1"]],
    [{ requester: 5 }, ["4", "3", "2", "1"]],
    [{ status: "closed" }, ["2"]],
    [{ channel: "chat" }, ["3"]],
    [{ tag: "vip" }, ["4", "3", "1"]],
    [{ field: "77:gold" }, ["2"]],
    [{ field: "78:blue" }, ["2"]],
    [{ field: "79:true" }, ["2"]],
    [{ field: "80:12.5" }, ["2"]],
    [{ field: "77:red" }, []],
    [{ updated_from: updated(2), updated_before: updated(3) }, ["3", "2"]],
    [{ text: "CAFE" }, ["1"]],
    [{ text: "شحنة" }, ["2"]],
    [{ text: "荷物" }, ["3"]],
    [{ text: '"café est"' }, ["1"]],
    [{ text: "cafe -froid" }, []],
    [{ text: "cafe or شحنة" }, ["2", "1"]],
    [{ text: "'; drop table qa_messages; -- \\ & | !" }, []],
    [{ tag: "vip", text: "café" }, ["1"]],
    [{ csat: "good" }, ["1"]],
    [{ csat: "bad" }, ["2"]],
  ])("finds by %j", async (query, found) => {
    expect(await ids(query)).toEqual(found);
  });

  it("comes page by page, each conversation once, though two changed in one second", async () => {
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const page = await list({ limit: 1, ...(after !== undefined && { after }) });
      pages.push(page.conversations.map((one) => one.ticket_id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(pages).toEqual([["4"], ["3"], ["2"], ["1"]]);
  });

  it.each(["x", "bm90IGpzb24", Buffer.from('["1","2","3"]').toString("base64url")])(
    "refuses the cursor %s, and says what to do",
    async (after) => {
      await expect(list({ after })).rejects.toThrow("query.after is not a `next` of this list");
    },
  );

  it("shows agents what they work on or wrote in, and nothing else", async () => {
    expect(await ids({}, "8")).toEqual(["2"]);
    expect(await ids({}, "6")).toEqual(["4", "3", "1"]);
    expect(await ids({ text: "café" }, "8")).toEqual([]);
    expect(await ids({}, "99")).toEqual([]);
  });

  it("leaves out what is deleted in Zendesk", async () => {
    await store({ id: 6, updated_at: updated(9) });
    const hide = { deleted_at: new Date(), row_xid: sql<string>`pg_current_xact_id()` };
    await db.updateTable("qa_conversations").set(hide).where("ticket_id", "=", "6").execute();
    expect(await ids({})).not.toContain("6");
    await expect(
      readConversation(db, noAttributes, { account: "acme", viewer: undefined, ticketId: "6" }),
    ).rejects.toThrow("no conversation of ticket 6");
  });
});

describe("the filter by an attribute", () => {
  it.each([
    ["tier:Gold", ["1"]],
    ["tier:gold", []],
    ["score:12.5", ["1"]],
    ["vip:true", ["2"]],
    ["due:2026-11-20T12:00:00Z", ["2"]],
    ["colours:red", ["2"]],
    ["old:Gold", []],
    ["unknown:x", []],
  ])("finds by %s", async (attribute, found) => {
    await db.deleteFrom("attribute_values").execute();
    await db.deleteFrom("attribute_definitions").execute();
    for (const [name, state] of Object.entries({ ...ACTIVE, old: "retired" })) {
      await sql`
        insert into attribute_definitions (account_id, attribute_id, version, name, subject, state, document, saved_at)
        values ('acme', ${name}, 1, ${name}, 'ticket', ${state}, '{}', now())`.execute(db);
    }
    const give = (ticketId: string, name: string, column: string, value: unknown) =>
      sql`insert into attribute_values (account_id, subject, subject_id, attribute_id, version, raw, ${sql.ref(column)})
        values ('acme', 'ticket', ${ticketId}, ${name}, 1, '{}', ${value})`.execute(db);
    await give("1", "tier", "text_value", "Gold");
    await give("3", "old", "text_value", "Gold");
    await give("1", "score", "number_value", 12.5);
    await give("2", "vip", "boolean_value", true);
    await give("2", "due", "instant_value", new Date("2026-11-20T12:00:00Z"));
    await give("2", "colours", "texts_value", ["red", "blue"]);
    expect(await ids({ attribute })).toEqual(found);
  });
});

const ACTIVE = { tier: "active", score: "active", vip: "active", due: "active", colours: "active" };

describe("one conversation", () => {
  const one = (ticketId: string, agentId?: string) => ({
    account: "acme",
    viewer: agentId === undefined ? undefined : { agentId },
    ticketId,
  });

  it("has its messages, its people and what happened", async () => {
    await db
      .insertInto("qa_assignments")
      .values({
        account_id: "acme",
        ticket_id: "1",
        event_key: "zen:1",
        event_order: "zen:1",
        agent_id: "6",
        group_id: null,
        occurred_at: new Date("2026-11-20T12:00:00Z"),
        recorded_at: new Date("2026-11-20T12:00:01Z"),
      })
      .execute();
    const found = await readConversation(db, noAttributes, one("1"));
    expect(found.messages).toMatchObject([
      { id: "11", body: "Mon café est froid", public: true },
      { id: "12", author_id: "6", public: false },
    ]);
    expect(found.people.map(({ name }) => name)).toEqual(["Rita", "Ada"]);
    expect(found.events).toEqual([
      {
        kind: "assigned",
        at: "2026-11-20T12:00:00.000Z",
        actor_id: null,
        data: { agent_id: "6", group_id: null },
      },
    ]);
    expect(found.satisfaction).toMatchObject([
      { response_id: "r2", score: "good", rating: 4, at: "2026-11-20T12:02:00.000Z" },
      { response_id: "r1", score: "bad" },
    ]);
  });

  it("is not there for an agent whose it is not", async () => {
    await expect(readConversation(db, noAttributes, one("2", "6"))).rejects.toThrow(
      "no conversation of ticket 2",
    );
    await expect(readMessages(db, one("2", "6"), { limit: 5 })).rejects.toThrow("no conversation");
  });

  it("of 5,000 messages comes page by page", async () => {
    const comments = Array.from({ length: 5_000 }, (_, at) => commentRow(at + 1));
    await store({ id: 50, updated_at: updated(0), tags: [] }, comments);
    const first = await readConversation(db, noAttributes, one("50"));
    expect(first.messages).toHaveLength(100);
    const read = first.messages.map(({ id }) => id);
    for (let after = first.next; after !== null;) {
      const page = await readMessages(db, one("50"), { after, limit: 500 });
      read.push(...page.messages.map(({ id }) => id));
      after = page.next;
    }
    expect(read).toEqual(comments.map(({ id }) => String(id)));
  });
});

describe("the changes", () => {
  it("come in the order of writing, and only what changed again comes again", async () => {
    const first = await readChanges(db, "acme", { limit: 1_000 });
    const seen = first.conversations.map((one) => one.ticket_id);
    expect(seen).toEqual(["1", "2", "3", "4", "50"]);
    expect(first.removed).toEqual([{ ticket_id: "6", for_good: false }]);
    expect(first.has_more).toBe(false);

    const nothing = await readChanges(db, "acme", { after: first.next, limit: 1_000 });
    expect(nothing).toMatchObject({ conversations: [], removed: [], next: first.next });

    await store({ id: 2, updated_at: updated(30) });
    const then = await readChanges(db, "acme", { after: first.next, limit: 1_000 });
    expect(then.conversations.map((one) => one.ticket_id)).toEqual(["2"]);
  });

  it("wait for a transaction that began earlier and commits later", async () => {
    const before = await readChanges(db, "acme", { limit: 1_000 });
    const slow = await db.startTransaction().execute();
    const at = new Date("2026-11-20T13:00:00Z");
    const conversation = conversationOf(ticketWithUsers({ id: 60, updated_at: updated(1) }, []));
    await upsertConversation(slow, "acme", {
      conversation,
      caseId: undefined,
      observedAt: at,
      capturedAt: at,
    });
    await store({ id: 61, updated_at: updated(1) });
    const meanwhile = await readChanges(db, "acme", { after: before.next, limit: 1_000 });
    expect(meanwhile.conversations).toEqual([]);
    await slow.commit().execute();
    const after = await readChanges(db, "acme", { after: meanwhile.next, limit: 1_000 });
    expect(after.conversations.map((one) => one.ticket_id)).toEqual(["60", "61"]);
  });

  it("do not wait for a transaction of another database", async () => {
    const other = await freshDatabase();
    await other.db.transaction().execute(async (trx) => {
      await sql`select pg_current_xact_id()`.execute(trx);
      await store({ id: 62, updated_at: updated(1) });
      const { conversations } = await readChanges(db, "acme", { limit: 1_000 });
      expect(conversations.map((one) => one.ticket_id)).toContain("62");
    });
  });

  it("of many come page by page", async () => {
    const all: string[] = [];
    let page = await readChanges(db, "acme", { limit: 2 });
    for (;;) {
      all.push(...page.conversations.map((one) => one.ticket_id));
      if (!page.has_more) break;
      page = await readChanges(db, "acme", { after: page.next, limit: 2 });
    }
    expect(all.toSorted()).toEqual(["1", "2", "3", "4", "50", "60", "61", "62"]);
  });
});

describe("the changes of what was erased", () => {
  const erase = (ticketId: string) =>
    db
      .insertInto("qa_deletions")
      .values({
        account_id: "acme",
        ticket_id: ticketId,
        state: "erased",
        event_key: "zen:1",
        event_order: "zen:1",
        occurred_at: new Date(),
        recorded_at: new Date(),
      })
      .execute();

  it("name the tickets, in their place among the others, page by page", async () => {
    const before = await readChanges(db, "acme", { limit: 1_000 });
    await store({ id: 80, updated_at: updated(1) });
    await erase("81");
    await store({ id: 82, updated_at: updated(1) });
    await erase("83");
    const seen: string[] = [];
    let page = await readChanges(db, "acme", { after: before.next, limit: 1 });
    for (;;) {
      seen.push(...page.conversations.map((one) => one.ticket_id));
      seen.push(...page.removed.map((one) => `${one.ticket_id} ${one.for_good}`));
      if (!page.has_more) break;
      page = await readChanges(db, "acme", { after: page.next, limit: 1 });
    }
    expect(seen).toEqual(["80", "81 true", "82", "83 true"]);
    expect((await readChanges(db, "acme", { after: page.next, limit: 5 })).removed).toEqual([]);
  });
});

describe("the file", () => {
  it("is NDJSON with all messages", async () => {
    const lines = (await text("ndjson")).trimEnd().split("\n");
    const found = lines.map((line) => JSON.parse(line));
    expect(found.find((one) => one.ticket_id === "50").messages).toHaveLength(5_000);
    expect(found.map((one) => one.ticket_id)).toContain("1");
  });

  it("leaves out, and does not break off at, what was deleted after it was listed", async () => {
    const parts = exportFile(db, "acme", "ndjson", {}).parts[Symbol.asyncIterator]();
    let all = (await parts.next()).value as string;
    const hide = { deleted_at: new Date(), row_xid: sql<string>`pg_current_xact_id()` };
    const ofOne = () => db.updateTable("qa_conversations").where("ticket_id", "=", "1");
    await ofOne().set(hide).execute();
    for (let part = await parts.next(); part.done !== true; part = await parts.next())
      all += part.value;
    await ofOne()
      .set({ ...hide, deleted_at: null })
      .execute();
    const found = all
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).ticket_id as string);
    expect(found).toContain("2");
    expect(found).not.toContain("1");
  });

  it("is CSV that no spreadsheet calculates with", async () => {
    const lines = (await text("csv")).split("\r\n");
    expect(lines[0]).toMatch(/^ticket_id,source,subject,status/);
    expect(lines.find((line) => line.startsWith("4,"))).toContain(`"'=1+1, ""quoted"""`);
  });
});
