/** Does the store record what happens on a ticket, hide what is redacted at once, and end at what its source shows? */
import { sql, type Kysely } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import type { RecordTicketEventRequest } from "#contract/actions/record-ticket-event";
import type { Database } from "#platform/db/schema";
import { associate } from "#subjects/agents/associate";
import { upsertConversation } from "#subjects/conversations/conversation-store";
import { finishCapture } from "#subjects/conversations/finish-capture";
import { createTicketEvents } from "#subjects/conversations/record-ticket-event";
import { recordDeletion } from "#subjects/conversations/record-deletion";
import type { RefreshJob } from "#subjects/conversations/refresh-conversation";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";
import {
  conversationOf,
  ticketWithUsers,
} from "#test/unit/actions-server/remotes/zendesk/ticket-samples";
import { runCommit } from "../../../../support/run-commit.ts";

let db: Kysely<Database>;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

const now = () => new Date("2026-11-21T12:00:00Z");
/** An instant of the second `second` after noon. */
const at = (second: number) =>
  new Date(Date.parse("2026-11-20T12:00:00Z") + second * 1_000).toISOString().replace(".000Z", "Z");

const jobs: RefreshJob[] = [];
const events = createTicketEvents({
  associate,
  enqueueRefresh: async (_trx, job) => void jobs.push(job),
  whyUnwanted: async (account) => (account === "wanted" ? null : "the rule"),
  now,
});

type Members = Partial<RecordTicketEventRequest> & Pick<RecordTicketEventRequest, "kind">;

async function happen(account: string, second: number, members: Members, key = `S:${second}`) {
  const work = await events.record(
    { ticket_id: 1, occurred_at: at(second), ...members },
    { account, requestId: "r", idempotencyKey: key },
  );
  return db.transaction().execute((trx) => runCommit(work, trx));
}

const attachment = (id: number) => ({
  id,
  file_name: `${id}.png`,
  content_type: "image/png",
  content_url: `https://x/${id}`,
  size: 1,
});
const COMMENTS = [
  { id: 11, body: "my card is 4111", html_body: "<p>my card is 4111</p>" },
  { id: 12, body: "see the files", attachments: [attachment(21), attachment(22)] },
];

interface State {
  readonly second?: number;
  readonly tags?: string[];
  readonly comments?: readonly Record<string, unknown>[];
  readonly observedAt?: Date;
}

const conversation = ({ second = 0, tags = ["old"], comments = COMMENTS }: State) =>
  conversationOf(
    ticketWithUsers({ id: 1, updated_at: at(second), tags, requester_id: 5 }),
    comments.map((comment) => ({
      type: "Comment",
      author_id: 5,
      public: true,
      created_at: at(0),
      attachments: [],
      ...comment,
    })),
  );

const capture = (account: string, state: State = {}) =>
  db.transaction().execute((trx) =>
    upsertConversation(trx, account, {
      conversation: conversation(state),
      caseId: undefined,
      observedAt: state.observedAt ?? new Date(at(0)),
      capturedAt: now(),
    }),
  );

const messages = (account: string) =>
  db
    .selectFrom("qa_messages")
    .select(["comment_id", "body", "html_body", "public", "attachments"])
    .where("account_id", "=", account)
    .orderBy("position")
    .execute();

const stored = (account: string) =>
  db
    .selectFrom("qa_conversations")
    .select(["tags", "requester_id"])
    .where("account_id", "=", account)
    .executeTakeFirst();

const recorded = (account: string) =>
  db
    .selectFrom("qa_events")
    .select(["kind", "actor_id", "data", "event_key"])
    .where("account_id", "=", account)
    .orderBy("occurred_at")
    .orderBy("event_key")
    .execute();

describe("an event", () => {
  it("is one row, with nobody as its actor, however often it comes", async () => {
    const spam = { kind: "marked_as_spam" } as const;
    await Promise.all([happen("once", 1, spam), happen("once", 1, spam), happen("once", 1, spam)]);
    await happen("once", 2, { kind: "comment_added", comment_id: 77, public: true });
    expect(await recorded("once")).toEqual([
      { kind: "marked_as_spam", actor_id: null, data: {}, event_key: "S:1" },
      {
        kind: "comment_added",
        actor_id: null,
        data: { comment_id: "77", public: true },
        event_key: "S:2",
      },
    ]);
  });

  it("of any month has a place", async () => {
    for (const occurred_at of ["0001-01-01T00:00:00Z", "2013-05-01T00:00:00+14:00"]) {
      await happen("months", 0, { kind: "marked_as_spam", occurred_at });
    }
    expect(await recorded("months")).toHaveLength(2);
  });

  it("asks for a reading only of what is stored", async () => {
    jobs.length = 0;
    const comment = { kind: "comment_added", comment_id: 12 } as const;
    expect(await happen("reading", 1, comment)).toMatchObject({ refresh: false });
    await capture("reading");
    expect(await happen("reading", 2, comment)).toMatchObject({ refresh: true });
    expect(await happen("reading", 3, { kind: "marked_as_spam" })).toMatchObject({
      refresh: false,
    });
    expect(jobs).toEqual([
      { account: "reading", ticketId: "1", requestId: "r", occurredAt: "2026-11-20T12:00:02.000Z" },
    ]);
  });

  it("asks for a reading of what the settings want at every public reply, not of a private note", async () => {
    const comment = { kind: "comment_added", comment_id: 12 } as const;
    expect(await happen("wanted", 1, { ...comment, public: false })).toMatchObject({
      refresh: false,
    });
    expect(await happen("wanted", 2, { ...comment, public: true })).toMatchObject({
      refresh: true,
    });
  });

  it("leaves nothing of an erased ticket", async () => {
    const work = await recordDeletion(
      { now, enqueueCapture: async () => {}, forgetTicket: async () => {} },
      { ticket_id: 1, state: "erased", occurred_at: at(1) },
      { account: "gone", requestId: "r", idempotencyKey: "k" },
    );
    await db.transaction().execute((trx) => runCommit(work, trx));
    expect(await happen("gone", 2, { kind: "tags_changed", tags: "a" })).toEqual({
      outcome: "ticket_erased",
      ticket_id: "1",
      refresh: false,
    });
    expect(await recorded("gone")).toEqual([]);
  });
});

describe("what was redacted", () => {
  it("is hidden before Zendesk is asked, and no other comment is", async () => {
    await capture("hidden");
    await happen("hidden", 1, { kind: "comment_redacted", comment_id: 11 });
    await happen("hidden", 2, { kind: "attachment_redacted", attachment_id: 21 });
    await happen("hidden", 3, { kind: "comment_made_private", comment_id: 12 });
    expect(await messages("hidden")).toMatchObject([
      { comment_id: "11", body: "", html_body: null, public: true },
      { comment_id: "12", body: "see the files", public: false, attachments: [{ id: "22" }] },
    ]);
  });

  it("cannot be found by search any more", async () => {
    const found = async () => {
      const { rows } = await sql`
        select from qa_messages where account_id = 'search' and search @@ to_tsquery('simple', '4111')
      `.execute(db);
      return rows.length;
    };
    await capture("search");
    expect(await found()).toBe(1);
    await happen("search", 1, { kind: "comment_redacted", comment_id: 11 });
    expect(await found()).toBe(0);
  });

  it("hides nothing when the event names no comment, or when what is stored was read long after", async () => {
    await capture("unnamed");
    expect(await happen("unnamed", 1, { kind: "comment_redacted" })).toMatchObject({
      refresh: true,
    });
    await capture("late", { observedAt: new Date(at(600)) });
    await happen("late", 1, { kind: "comment_redacted", comment_id: 11 });
    for (const account of ["unnamed", "late"]) {
      expect((await messages(account)).map(({ body }) => body)).toEqual([
        "my card is 4111",
        "see the files",
      ]);
    }
  });

  it("equals its source after the reading, though updated_at did not move and our clocks differ", async () => {
    // Stored by a server whose clock is an hour ahead of the one that reads again.
    await capture("equal", { observedAt: new Date("2026-11-21T13:00:00Z") });
    await happen("equal", 1, { kind: "comment_redacted", comment_id: 11 });
    const redacted = conversation({
      comments: [{ ...COMMENTS[0], body: "my card is ▇▇▇▇", html_body: null }, COMMENTS[1]!],
    });
    const job = { account: "equal", ticketId: "1", requestId: "r" };
    const deps = { db, store: upsertConversation, noteReading: () => {}, now, log: silentLog };
    await finishCapture({ ...deps, zendesk: { conversation: async () => redacted } as never }, job);
    expect((await messages("equal")).map(({ body }) => body)).toEqual([
      "my card is ▇▇▇▇",
      "see the files",
    ]);
  });
});

describe("tags and requester", () => {
  const tags = (account: string, second: number, text: string, key?: string) =>
    happen(account, second, { kind: "tags_changed", tags: text }, key);

  it.each([
    ["in order", [1, 2, 3]],
    ["backwards", [3, 2, 1]],
  ] as const)("are those of the latest event when events come %s", async (order, seconds) => {
    await capture(order);
    for (const second of seconds) await tags(order, second, `t${second} all`);
    for (const second of seconds) await tags(order, second, `t${second} all`);
    expect(await stored(order)).toMatchObject({ tags: ["t3", "all"] });
  });

  it("follow the place of an event in its update", async () => {
    await capture("tie");
    await tags("tie", 1, "ten", "S:10");
    await tags("tie", 1, "nine", "S:9");
    expect(await stored("tie")).toMatchObject({ tags: ["ten"] });
  });

  it("stay as they were captured when the event is older, and follow it when the capture is", async () => {
    await capture("captured", { second: 50 });
    await tags("captured", 10, "early");
    expect(await stored("captured")).toMatchObject({ tags: ["old"] });
    await tags("captured", 60, "");
    await happen("captured", 61, { kind: "requester_changed", requester_id: 9 });
    expect(await stored("captured")).toMatchObject({ tags: [], requester_id: "9" });
    // A capture that was read before the events, and comes after them.
    await capture("captured", { second: 55, observedAt: new Date(at(1_000)) });
    expect(await stored("captured")).toMatchObject({ tags: [], requester_id: "9" });
    await capture("captured", { second: 70, observedAt: new Date(at(1_001)) });
    expect(await stored("captured")).toMatchObject({ tags: ["old"], requester_id: "5" });
  });

  it("end at the latest of many at once, captures among them", async () => {
    await Promise.all(
      [5, 3, 1, 4, 2].flatMap((second) => [
        tags("crowd", second, `t${second}`),
        tags("crowd", second, `t${second}`),
        capture("crowd"),
      ]),
    );
    expect(await stored("crowd")).toMatchObject({ tags: ["t5"] });
  });
});
