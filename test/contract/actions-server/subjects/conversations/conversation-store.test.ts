/** Does the store hold the newest state on a real Postgres, in whatever order and however many at once states arrive? */
import { beforeAll, describe, expect, it } from "vitest";
import type { Kysely } from "kysely";
import type { Database } from "#platform/db/schema";
import { upsertConversation, type Snapshot } from "#subjects/conversations/conversation-store";
import type { toUser } from "#remotes/zendesk/rows";
import { freshDatabase } from "#test/support/postgres";
import {
  commentRow,
  conversationOf,
  ticketWithUsers,
  userRow,
} from "#test/unit/actions-server/remotes/zendesk/ticket-samples";

let db: Kysely<Database>;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

interface State {
  readonly ticketId: number;
  /** Seconds after noon, for Zendesk's `updated_at`. */
  readonly updated?: number;
  readonly observed?: number;
  readonly comments?: ReturnType<typeof commentRow>[];
  readonly users?: Parameters<typeof toUser>[0][];
  readonly subject?: string;
  readonly customFields?: { id: number; value: unknown }[];
  readonly tags?: string[];
  readonly caseId?: string | null;
  readonly more?: Partial<Parameters<typeof ticketWithUsers>[0]>;
}

const NOON_SECONDS = Date.parse("2026-11-20T12:00:00Z") / 1_000;
const CASE = "5005g00000AbCdEAAV";

function snapshot(state: State): Snapshot {
  const observedAt = new Date((NOON_SECONDS + (state.observed ?? 1_000)) * 1_000);
  const found = ticketWithUsers(
    {
      id: state.ticketId,
      subject: state.subject ?? "Parcel never came",
      tags: state.tags ?? [],
      custom_fields: state.customFields ?? [],
      updated_at: new Date((NOON_SECONDS + (state.updated ?? 0)) * 1_000).toISOString(),
      ...state.more,
    },
    state.users ?? [userRow],
  );
  return {
    conversation: conversationOf(found, state.comments),
    caseId: state.caseId,
    observedAt,
    capturedAt: observedAt,
  };
}

const store = (state: State, account = "acme") =>
  db.transaction().execute((trx) => upsertConversation(trx, account, snapshot(state)));

async function stored(ticketId: number, account = "acme") {
  const key = (table: "qa_conversations" | "qa_messages") =>
    db
      .selectFrom(table)
      .selectAll()
      .where("account_id", "=", account)
      .where("ticket_id", "=", String(ticketId));
  const conversation = await key("qa_conversations").executeTakeFirst();
  const messages = await db
    .selectFrom("qa_messages")
    .selectAll()
    .where("account_id", "=", account)
    .where("ticket_id", "=", String(ticketId))
    .orderBy("position")
    .execute();
  return { conversation: conversation as Record<string, unknown> | undefined, messages };
}

const person = (userId: number) =>
  db
    .selectFrom("qa_people")
    .selectAll()
    .where("account_id", "=", "acme")
    .where("user_id", "=", String(userId))
    .executeTakeFirst();

describe("upsertConversation", () => {
  it("stores a conversation whole", async () => {
    const attachment = {
      id: 90,
      file_name: "invoice.pdf",
      content_type: "application/pdf",
      content_url: "https://acme.zendesk.com/attachments/token/x/?name=invoice.pdf",
      size: 1_234,
    };
    const state: State = {
      ticketId: 1,
      tags: ["vip", 'a "quoted" tag'],
      customFields: [{ id: 77, value: ["one", 2, null] }],
      caseId: CASE,
      comments: [commentRow(1), commentRow(2, { public: false, attachments: [attachment] })],
    };

    expect(await store(state)).toEqual({ outcome: "stored" });

    const { conversation, messages } = await stored(1);
    expect(conversation).toEqual({
      account_id: "acme",
      ticket_id: "1",
      subject: "Parcel never came",
      status: "solved",
      channel: "email",
      requester_id: "5",
      assignee_id: "6",
      group_id: "7",
      brand_id: "8",
      organization_id: null,
      form_id: "9",
      tags: ["vip", 'a "quoted" tag'],
      custom_fields: [{ id: "77", value: ["one", 2, null] }],
      case_id: CASE,
      created_at: new Date("2026-11-20T08:00:00Z"),
      source_updated_at: new Date("2026-11-20T12:00:00Z"),
      last_comment_id: "2",
      observed_at: new Date("2026-11-20T12:16:40Z"),
      captured_at: new Date("2026-11-20T12:16:40Z"),
      captures: 1,
      messages_wanted: null,
      message_count: 2,
      skipped_rows: 0,
      merged_into: null,
      source: "zendesk",
      opened_on: new Date("2026-11-01T00:00:00Z"),
      deleted_at: null,
      row_updated_at: expect.any(Date) as Date,
      row_xid: expect.stringMatching(/^\d+$/) as string,
    });
    expect(messages).toEqual([
      {
        account_id: "acme",
        opened_on: new Date("2026-11-01T00:00:00Z"),
        ticket_id: "1",
        comment_id: "1",
        kind: "comment",
        author_id: "5",
        public: true,
        body: "comment 1",
        html_body: "<p>comment 1</p>",
        channel: "web",
        attachments: [],
        data: null,
        created_at: new Date("2026-11-20T08:00:00Z"),
        position: 0,
        search: "'1':2 'comment':1",
      },
      expect.objectContaining({
        comment_id: "2",
        public: false,
        attachments: [{ ...attachment, id: "90" }],
        position: 1,
      }),
    ]);
  });

  it("keeps the recording, duration and parties of a call, and what has null members", async () => {
    const data = {
      from: "+15551230001",
      to: "+15551230002",
      recording_url: "https://acme.zendesk.com/api/v2/channels/voice/calls/1/twilio/recording",
      call_duration: "40",
      answered_by_id: 6,
      transcription_text: null,
    };
    const nothing = { author_id: null, public: null, created_at: null, via: null };
    await store({
      ticketId: 40,
      comments: [
        commentRow(1, { type: "VoiceComment", body: null, html_body: null, data }),
        commentRow(2, { ...nothing, attachments: [{ id: null, file_name: "redacted.txt" }] }),
      ],
    });
    expect((await stored(40)).messages).toMatchObject([
      { kind: "voice", body: "", html_body: null, data },
      {
        author_id: null,
        public: null,
        created_at: null,
        channel: null,
        body: "comment 2",
        attachments: [{ id: null, file_name: "redacted.txt", content_url: null }],
        data: null,
      },
    ]);
  });

  it("replaces an older state: redacted, added and vanished comments, people and case", async () => {
    await store({ ticketId: 2, comments: [commentRow(1), commentRow(2)], caseId: CASE });

    const newer: State = {
      ticketId: 2,
      updated: 1,
      subject: "Found",
      comments: [commentRow(1, { body: "▇▇▇", html_body: "▇▇▇" }), commentRow(3)],
      caseId: null,
    };
    expect(await store(newer)).toEqual({ outcome: "stored" });

    const { conversation, messages } = await stored(2);
    expect(conversation).toMatchObject({
      subject: "Found",
      case_id: null,
      captures: 2,
      message_count: 2,
      last_comment_id: "3",
    });
    expect(messages.map(({ comment_id: id, body, position }) => [id, body, position])).toEqual([
      ["1", "▇▇▇", 0],
      ["3", "comment 3", 1],
    ]);
  });

  it("keeps the case that is stored when the request does not know one", async () => {
    await store({ ticketId: 3, caseId: CASE });
    await store({ ticketId: 3, updated: 1 });
    expect((await stored(3)).conversation).toMatchObject({ case_id: CASE, captures: 2 });
  });

  it("counts an older state and changes nothing else", async () => {
    const newest: State = { ticketId: 4, updated: 5, subject: "new", caseId: CASE };
    await store(newest);
    const before = await stored(4);

    expect(await store({ ticketId: 4, updated: 4, observed: 9_999, subject: "old" })).toEqual({
      outcome: "older",
    });

    const after = await stored(4);
    expect(after.conversation).toEqual({ ...before.conversation, captures: 2 });
    expect(after.messages).toEqual(before.messages);
  });

  it.each([
    ["0", { generated_timestamp: 0 }],
    ["absent", {}],
    ["no number", { generated_timestamp: "soon" }],
  ])("takes a newer state in when its generated_timestamp is %s", async (_, more) => {
    const ticketId = 40;
    await store({ ticketId, subject: "old", more: { generated_timestamp: NOON_SECONDS + 9 } });
    expect(await store({ ticketId, updated: 60, subject: "new", more })).toEqual({
      outcome: "stored",
    });
    expect((await stored(ticketId)).conversation).toMatchObject({ subject: "new" });
  });

  it("keeps the newer comments of two states of one second", async () => {
    const two = [commentRow(1), commentRow(2)];
    await store({ ticketId: 5, comments: two, observed: 1 });
    expect(await store({ ticketId: 5, comments: [commentRow(1)], observed: 2 })).toEqual({
      outcome: "older",
    });
    expect((await stored(5)).messages).toHaveLength(2);
  });

  it("moves to the end of the incremental export when it changes, and only then", async () => {
    const mark = async () => (await stored(70)).conversation!["row_xid"];
    await store({ ticketId: 70, updated: 5 });
    const first = await mark();
    await store({ ticketId: 70, updated: 4 });
    expect(await mark()).toBe(first);
    await store({ ticketId: 70, updated: 6, subject: "Parcel came" });
    expect(BigInt(String(await mark()))).toBeGreaterThan(BigInt(String(first)));
  });

  it("keeps the messages in the month that the ticket was stored under first", async () => {
    await store({ ticketId: 71, comments: [commentRow(1)] });
    const more = { created_at: "2020-02-03T00:00:00Z" };
    await store({ ticketId: 71, updated: 9, comments: [commentRow(1), commentRow(2)], more });
    const { conversation, messages } = await stored(71);
    expect(conversation!["opened_on"]).toEqual(new Date("2026-11-01T00:00:00Z"));
    expect(messages.map((one) => one.comment_id)).toEqual(["1", "2"]);
  });

  it("stores nothing of an erased ticket, and hides a deleted one", async () => {
    const deletion = {
      account_id: "acme",
      event_key: "zen:1",
      event_order: "zen:1",
      occurred_at: new Date("2026-11-20T12:30:00Z"),
      recorded_at: new Date("2026-11-20T12:31:00Z"),
    };
    await db
      .insertInto("qa_deletions")
      .values([
        { ...deletion, ticket_id: "72", state: "erased" },
        { ...deletion, ticket_id: "73", state: "deleted" },
      ])
      .execute();
    expect(await store({ ticketId: 72 })).toEqual({ outcome: "erased" });
    expect(await stored(72)).toEqual({ conversation: undefined, messages: [] });
    expect(await store({ ticketId: 73 })).toEqual({ outcome: "stored" });
    expect((await stored(73)).conversation!["deleted_at"]).toEqual(deletion.occurred_at);
  });

  it("keeps accounts apart", async () => {
    await store({ ticketId: 6, subject: "ours" }, "acme");
    await store({ ticketId: 6, subject: "theirs", comments: [] }, "globex");
    expect((await stored(6, "acme")).conversation).toMatchObject({ subject: "ours", captures: 1 });
    expect((await stored(6, "acme")).messages).toHaveLength(1);
    expect((await stored(6, "globex")).messages).toHaveLength(0);
  });

  it("stores a ticket without comments and without people", async () => {
    await store({ ticketId: 7, comments: [], users: [] });
    expect((await stored(7)).conversation).toMatchObject({
      last_comment_id: null,
      message_count: 0,
    });
  });

  it("stores what Postgres would refuse, and every other character as it is", async () => {
    await store({
      ticketId: 8,
      subject: "NUL \0 and half \ud83d",
      tags: ["t\0"],
      customFields: [{ id: 1, value: { "k\0": "\udc00" } }],
      users: [{ ...userRow, id: 80, name: "N\0" }],
      comments: [
        commentRow(1, {
          body: "a\0b \ud800",
          html_body: "\0",
          attachments: [{ id: 1, file_name: "\0.png" }],
        }),
        commentRow(2, { body: "😀 שלום \u200f\u0001\r\n\\u0000 '\"$1" }),
      ],
    });
    const { conversation, messages } = await stored(8);
    expect(conversation).toMatchObject({
      subject: "NUL \ufffd and half \ufffd",
      tags: ["t\ufffd"],
      custom_fields: [{ id: "1", value: { "k\ufffd": "\ufffd" } }],
    });
    expect(messages.map(({ body }) => body)).toEqual([
      "a\ufffdb \ufffd",
      "😀 שלום \u200f\u0001\r\n\\u0000 '\"$1",
    ]);
    expect(messages[0]?.attachments).toMatchObject([{ file_name: "\ufffd.png" }]);
    expect(await person(80)).toMatchObject({ name: "N\ufffd" });
  });

  it("stores the longest conversation that Zendesk allows", async () => {
    const comments = Array.from({ length: 5_000 }, (_, index) =>
      commentRow(index + 1, { body: "x".repeat(2_000), html_body: null }),
    );
    await store({ ticketId: 9, comments });
    const { messages } = await stored(9);
    expect(messages).toHaveLength(5_000);
    expect(messages.at(-1)).toMatchObject({ comment_id: "5000", position: 4_999 });
  });
});

const user = (id: number, name: string, updated: string) => ({
  ...userRow,
  id,
  name,
  updated_at: `2026-11-01T00:00:${updated}Z`,
});

describe("people", () => {
  it("stay as the newest look at them saw them", async () => {
    await store({ ticketId: 20, users: [user(200, "New", "02")] });
    await store({ ticketId: 21, users: [user(200, "Old", "01")] });
    expect(await person(200)).toMatchObject({ name: "New" });
    await store({ ticketId: 21, updated: 1, users: [user(200, "Newest", "03")] });
    expect(await person(200)).toMatchObject({ name: "Newest" });
  });

  it("of many conversations at once never lock each other out", async () => {
    const group = Array.from({ length: 50 }, (_, index) => index + 300);
    const captures = Array.from({ length: 40 }, (_, index) => {
      const order = index % 2 === 0 ? group : group.toReversed();
      const second = String(index % 60).padStart(2, "0");
      return store({ ticketId: 1_000 + index, users: order.map((id) => user(id, "Ann", second)) });
    });
    await expect(Promise.all(captures)).resolves.toHaveLength(40);
  });
});

describe("captures at once", () => {
  it("of one ticket end in its newest state, and each is counted", async () => {
    const states = Array.from({ length: 30 }, (_, index) => ({
      ticketId: 30,
      updated: (index * 7) % 30,
      subject: `state ${(index * 7) % 30}`,
      comments: Array.from({ length: ((index * 7) % 30) + 1 }, (_row, at) => commentRow(at + 1)),
    }));

    await Promise.all(states.map((state) => store(state)));

    const { conversation, messages } = await stored(30);
    expect(conversation).toMatchObject({ subject: "state 29", captures: 30, message_count: 30 });
    expect(messages).toHaveLength(30);
  });

  it("leave no trace of one that is rolled back", async () => {
    await expect(
      db.transaction().execute(async (trx) => {
        await upsertConversation(trx, "acme", snapshot({ ticketId: 31 }));
        throw new Error("the record could not be completed");
      }),
    ).rejects.toThrow("could not be completed");
    expect((await stored(31)).conversation).toBeUndefined();
  });
});
