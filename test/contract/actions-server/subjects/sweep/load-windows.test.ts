/** Does a first load store each page with its place, once, whatever Zendesk and the server do on the way? */
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { sql } from "kysely";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import type { OpenDatabase } from "#platform/db/open";
import { createJobs } from "#platform/jobs/queue";
import { createOutbound } from "#platform/outbound/send";
import { Secret } from "#platform/secret";
import { createReadChanged } from "#remotes/zendesk/changed-tickets";
import { createZendeskClient } from "#remotes/zendesk/client";
import { apiTokenCredentials } from "#remotes/zendesk/credentials";
import { createZendeskReader } from "#remotes/zendesk/reader";
import { storeHeaders } from "#subjects/conversations/store-headers";
import { startLoad } from "#subjects/sweep/load-store";
import { readLoadStatus } from "#subjects/sweep/load-status";
import { runSweeps, type RunSweepsDeps } from "#subjects/sweep/run-sweeps";
import { takeSweep } from "#subjects/sweep/sweep-store";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";
import { exportedRow, userRow } from "#test/unit/actions-server/remotes/zendesk/ticket-samples";
import { json, startScriptedServer, type Answer } from "../../scripted-server.ts";

const NOW = new Date("2026-11-25T08:00:00Z");
const NEWER = { since: new Date("2026-11-01T00:00:00Z"), until: NOW, tickets: 3 };
const OLDER = { since: new Date("2026-10-01T00:00:00Z"), until: NEWER.since, tickets: 3 };
const seconds = (text: string) => Date.parse(text) / 1_000;

let database: OpenDatabase;
beforeEach(async () => {
  database = await freshDatabase();
  const jobs = createJobs({ databaseUrl: database.url, log: silentLog });
  await jobs.start([]);
  onTestFinished(() => jobs.stop(0));
});

const rowOf = (id: number, more: object = {}) => ({ ...exportedRow, id, ...more });
/** A row that changed in the older window. */
const oldRow = (id: number, more: object = {}) =>
  rowOf(id, {
    created_at: "2026-10-02T00:00:00Z",
    updated_at: "2026-10-10T00:00:00Z",
    generated_timestamp: seconds("2026-10-10T00:00:05Z"),
    ...more,
  });
const page = (tickets: object[], cursor: string | null, end: boolean): Answer =>
  json({ tickets, users: [userRow], after_cursor: cursor, end_of_stream: end });

async function start(script: readonly Answer[], windows = [NEWER]) {
  let served = 0;
  const zendesk = await startScriptedServer(() => {
    const answer = script[served] ?? page([], "end", true);
    served += 1;
    return answer;
  });
  const outbound = createOutbound({});
  onTestFinished(() => outbound.close());
  const client = createZendeskClient({
    origin: zendesk.origin,
    credentials: apiTokenCredentials("admin@example.com", new Secret("secret")),
    outbound,
    random: () => 0,
  });
  let asked = 0;
  const unused = undefined as never;
  const deps: RunSweepsDeps = {
    db: database.db,
    readChanged: createReadChanged(client),
    readRestorable: async () => new Set(),
    readTicket: createZendeskReader(client).ticket,
    settings: async () => DEFAULT_SETTINGS,
    conversations: { storeHeaders, askForMessages: async () => void (asked += 1) },
    actionsOf: () => unused,
    now: () => NOW,
    log: silentLog,
  };
  let ids = 0;
  await database.db.transaction().execute((trx) =>
    startLoad(trx, {
      account: "acme",
      now: NOW,
      newId: () => `id-${(ids += 1)}`,
      since: undefined,
      windows,
    }),
  );
  const queries = () => zendesk.calls.map(({ path }) => path.split("?", 2)[1] ?? "");
  return { deps, queries, asked: () => asked };
}

const status = () =>
  readLoadStatus(database.db, "acme", {
    wanted: { left: 0, refused: 0 },
    calls: 0,
    limits: { account: 100, exports: 10 },
  });
const stored = () =>
  database.db
    .selectFrom("qa_conversations")
    .select(["ticket_id", "status", "messages_wanted", "captures", "deleted_at"])
    .orderBy(sql`ticket_id::bigint`)
    .execute();
const idsOf = async () => (await stored()).map((row) => row.ticket_id);

describe("a window of a first load", () => {
  it("ends at the first page that is all later, begins a little before, and asks for no ticket", async () => {
    const between = rowOf(2, { generated_timestamp: OLDER.until.getTime() / 1_000 + 5 });
    const { deps, queries, asked } = await start(
      [
        page([rowOf(9)], "n1", true),
        page([oldRow(1), between], "o1", false),
        page([rowOf(3), rowOf(4)], "o2", false),
        page([rowOf(5)], "never", false),
      ],
      [NEWER, OLDER],
    );
    expect(await runSweeps(deps, "acme")).toBeUndefined();
    expect(queries()).toEqual([
      `start_time=${NEWER.since.getTime() / 1_000 - 75}&per_page=1000&include=users`,
      `start_time=${OLDER.since.getTime() / 1_000 - 75}&per_page=1000&include=users`,
      "cursor=o1&per_page=1000&include=users",
    ]);
    expect(await idsOf()).toEqual(["1", "2", "3", "4", "9"]);
    expect(await status()).toMatchObject({ windows_done: 2, tickets_seen: 5, tickets_expected: 6 });
    expect(asked()).toBe(3);
  });

  it("takes more tickets of one second than a page holds, and leaves alone what the settings do not want", async () => {
    const many = Array.from({ length: 1_000 }, (_, at) => rowOf(at + 1));
    const more = [...Array.from({ length: 500 }, (_, at) => rowOf(at + 1_001)), rowOf(1)];
    const unwanted = [rowOf(5_000, { status: "open" }), rowOf(5_001, { tags: ["bulk_import"] })];
    const { deps } = await start([
      page(many, "c1", false),
      page([...more, ...unwanted], "c2", true),
    ]);
    await runSweeps(deps, "acme");
    expect(await idsOf()).toHaveLength(1_500);
    expect(await status()).toMatchObject({ tickets_seen: 1_503, tickets_left_alone: 2 });
    expect((await stored())[0]).toMatchObject({ messages_wanted: 1, captures: 0 });
  });

  it("fails with its cause on a cursor that repeats; the other windows are stopped, and go on later", async () => {
    const script = [page([rowOf(1)], "c1", false), page([rowOf(2)], "c1", false)];
    const { deps } = await start(
      [...script, page([rowOf(2)], "c2", true), page([oldRow(3)], "o1", true)],
      [NEWER, OLDER],
    );
    await runSweeps(deps, "acme");
    expect(await status()).toMatchObject({ state: "failed", windows_done: 0 });
    expect((await status()).message).toContain("no new cursor");
    const again = { account: "acme", now: NOW, newId: () => "x", since: undefined, windows: [] };
    await database.db.transaction().execute((trx) => startLoad(trx, again));
    await runSweeps(deps, "acme");
    expect(await status()).toMatchObject({ state: "finished", windows_done: 2, message: null });
    expect(await idsOf()).toEqual(["1", "2", "3"]);
  });

  it.each(["rows", "page"] as const)(
    "ends the same when it dies with the %s written",
    async (what) => {
      const pages = [page([rowOf(1), rowOf(2)], "c1", false), page([rowOf(3)], "c2", true)];
      const { deps, queries } = await start(what === "rows" ? [pages[0]!, ...pages] : pages);
      let dies = true;
      const dying: RunSweepsDeps = {
        ...deps,
        conversations: {
          ...deps.conversations,
          async storeHeaders(...given) {
            await storeHeaders(...given);
            if (what === "rows" && dies) throw new Error("killed");
          },
        },
        async readChanged(from, ...rest) {
          if (what === "page" && dies && "cursor" in from) throw new Error("killed");
          return deps.readChanged(from, ...rest);
        },
      };
      await expect(runSweeps(dying, "acme")).rejects.toThrow("killed");
      const written = what === "rows" ? 0 : 2;
      expect(await status()).toMatchObject({ state: "running", tickets_seen: written });
      expect(await idsOf()).toHaveLength(written);
      dies = false;
      await runSweeps(dying, "acme");
      expect(await status()).toMatchObject({ state: "finished", tickets_seen: 3 });
      expect(await idsOf()).toEqual(["1", "2", "3"]);
      expect(queries().at(-1)).toMatch(/^cursor=c1/);
    },
  );

  it("is read by one of two servers", async () => {
    const { deps } = await start([page([rowOf(1)], "c1", false), page([rowOf(2)], "c2", true)]);
    const both = await Promise.allSettled([runSweeps(deps, "acme"), runSweeps(deps, "acme")]);
    expect(both.map((one) => one.status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await status()).toMatchObject({ state: "finished", tickets_seen: 2 });
  });

  it("lets a sweep of the hour go first, between two pages", async () => {
    const { deps, queries } = await start([
      page([rowOf(1)], "c1", false),
      page([], "hour", true),
      page([rowOf(2)], "c2", true),
    ]);
    const interrupted: RunSweepsDeps = {
      ...deps,
      conversations: {
        ...deps.conversations,
        async storeHeaders(...given) {
          await storeHeaders(...given);
          if (queries().length > 1) return;
          const request = { reason: "hourly" } as const;
          const taken = { account: "acme", id: "hour", now: NOW, request };
          await database.db.transaction().execute((trx) => takeSweep(trx, taken));
        },
      },
    };
    await runSweeps(interrupted, "acme");
    expect(queries().map((query) => query.split("&", 1)[0])).toEqual([
      expect.stringMatching(/^start_time=/),
      `start_time=${NOW.getTime() / 1_000 - 24 * 3_600}`,
      "cursor=c1",
    ]);
    expect(await status()).toMatchObject({ state: "finished" });
  });
});

describe("storeHeaders", () => {
  const load = async (rows: object[]) => {
    await database.db.deleteFrom("sweeps").execute();
    const { deps } = await start([page(rows, "c", true)]);
    await runSweeps(deps, "acme");
  };
  const haveRead = () =>
    database.db.updateTable("qa_conversations").set({ messages_wanted: null }).execute();

  it("wants messages of a newer state and of one that only Zendesk changed, and of no other", async () => {
    await load([rowOf(1), rowOf(2), rowOf(3), rowOf(4)]);
    await haveRead();
    await load([
      rowOf(1),
      rowOf(2, { updated_at: "2026-11-21T09:00:00Z", status: "closed" }),
      rowOf(3, { status: "closed" }),
      rowOf(4, { updated_at: "2026-11-01T09:00:00Z", status: "closed" }),
    ]);
    expect(await stored()).toMatchObject([
      { ticket_id: "1", messages_wanted: null, status: "solved" },
      { ticket_id: "2", messages_wanted: 1, status: "closed" },
      // Which state is newer cannot be told, so the ticket itself is read.
      { ticket_id: "3", messages_wanted: 1, status: "solved" },
      { ticket_id: "4", messages_wanted: null, status: "solved" },
    ]);
  });

  it("hides what is deleted, stores nothing of what was never seen, and never revives what is erased", async () => {
    await load([rowOf(1), rowOf(2)]);
    const erased = { state: "erased", event_key: "k", event_order: "k" } as const;
    await database.db
      .insertInto("qa_deletions")
      .values({ account_id: "acme", ticket_id: "3", ...erased, occurred_at: NOW, recorded_at: NOW })
      .execute();
    await load([rowOf(1, { status: "deleted" }), rowOf(3), rowOf(4, { status: "deleted" })]);
    expect(await stored()).toMatchObject([
      { ticket_id: "1", deleted_at: new Date(exportedRow.updated_at), messages_wanted: null },
      { ticket_id: "2", deleted_at: null },
    ]);
    await load([rowOf(1, { updated_at: "2026-11-22T00:00:00Z" })]);
    expect((await stored())[0]).toMatchObject({ deleted_at: null, messages_wanted: 1 });
  });

  it("keeps texts that no database keeps, and who nobody is assigned to comes later", async () => {
    await load([rowOf(1, { subject: "a\u0000b\ud800", assignee_id: null, tags: ["x\u0000"] })]);
    expect(await stored()).toMatchObject([{ ticket_id: "1", messages_wanted: 2 }]);
  });
});
