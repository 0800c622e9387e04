/** Does a sweep read the export to its end, once for each row, whatever Zendesk does on the way, and report what it found? */
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { AppError } from "#platform/errors";
import type { OpenDatabase } from "#platform/db/open";
import { createOutbound } from "#platform/outbound/send";
import { Secret } from "#platform/secret";
import { rememberLookUp } from "#subjects/cases/case-lookups";
import { createReadChanged } from "#remotes/zendesk/changed-tickets";
import { createReadRestorable } from "#remotes/zendesk/deleted-tickets";
import { runSweeps, type RunSweepsDeps } from "#subjects/sweep/run-sweeps";
import type { SweepActions } from "#subjects/sweep/sweep-batch";
import { readSweeps } from "#subjects/sweep/sweep-reports";
import { takeSweep } from "#subjects/sweep/sweep-store";
import { createZendeskReader } from "#remotes/zendesk/reader";
import { createZendeskClient } from "#remotes/zendesk/client";
import { apiTokenCredentials } from "#remotes/zendesk/credentials";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";
import { exportedRow, userRow } from "#test/unit/actions-server/remotes/zendesk/ticket-samples";
import { createJobs } from "#platform/jobs/queue";
import { json, startScriptedServer, stalls, text, type Answer } from "../../scripted-server.ts";

let database: OpenDatabase;
beforeEach(async () => {
  database = await freshDatabase();
  // The queue's tables, which promised work is looked for in.
  const jobs = createJobs({ databaseUrl: database.url, log: silentLog });
  await jobs.start([]);
  onTestFinished(() => jobs.stop(0));
});

const REQUESTED = new Date("2026-11-25T08:00:00Z");
const SINCE = "2026-11-25T07:00:00Z";

const rowOf = (id: number, more: object = {}) => ({ ...exportedRow, id, ...more });
const page = (tickets: object[], cursor: string | null, end: boolean): Answer =>
  json({ tickets, users: [userRow], after_cursor: cursor, end_of_stream: end });

/** What the sweep did, in words; the actions themselves are tested by their own operations and end to end. */
function recorder(overrides: Partial<SweepActions> = {}) {
  const done: string[] = [];
  const actions: SweepActions = {
    lookUp: async ({ ticket: { id } }) => ({
      outcome: "none",
      ticket_id: id,
      case_id: null,
      reason: "no_candidate",
    }),
    remember: async () => {},
    askForLink: async ({ ticketId }) => void done.push(`link ${ticketId}`),
    promiseLink: async (key) => void done.push(`promise ${key}`),
    capture: async (key, { ticket_id: id }) => {
      done.push(key);
      return { outcome: "accepted", ticket_id: String(id) };
    },
    record: async (key) => void done.push(key),
    recordDeletion: async (key) => void done.push(key),
    assignedAt: async () => undefined,
    now: () => REQUESTED,
    ...overrides,
  };
  return { done, actions };
}

/** The answers one after the other, or by the size of the page that is asked for. */
type Script = readonly Answer[] | ((pageSize: number) => Answer);

async function start(
  script: Script,
  actions = recorder().actions,
  outboundOptions: Parameters<typeof createOutbound>[0] = {},
) {
  let served = 0;
  const zendesk = await startScriptedServer(({ path }) => {
    if (typeof script === "function") return script(Number(/per_page=(\d+)/.exec(path)?.[1]));
    const answer = script[served] ?? page([], "end", true);
    served += 1;
    return answer;
  });
  const outbound = createOutbound(outboundOptions);
  onTestFinished(() => outbound.close());
  const credentials = apiTokenCredentials("admin@example.com", new Secret("secret"));
  const { origin } = zendesk;
  const client = createZendeskClient({ origin, credentials, outbound, random: () => 0 });
  let nowMs = REQUESTED.getTime();
  const deps: RunSweepsDeps = {
    db: database.db,
    readChanged: createReadChanged(client),
    readTicket: createZendeskReader(client).ticket,
    readRestorable: createReadRestorable(client),
    settings: async () => DEFAULT_SETTINGS,
    conversations: { storeHeaders: async () => {}, askForMessages: async () => {} },
    actionsOf: () => actions,
    now: () => new Date(nowMs),
    log: silentLog,
  };
  const queries = () => zendesk.calls.map(({ path }) => path.split("?", 2)[1]);
  return { deps, queries, later: (ms: number) => void (nowMs += ms) };
}

const take = (id: string, request = {}) =>
  database.db.transaction().execute((trx) =>
    takeSweep(trx, {
      account: "acme",
      id,
      now: REQUESTED,
      request: { since: SINCE, reason: "hourly", ...request },
    }),
  );
const report = async (id: string) => (await readSweeps(database.db, "acme", { id }))[0];

describe("runSweeps", () => {
  it("says that it waits while Zendesk holds back the last minute", async () => {
    const { deps, later } = await start([page([rowOf(1)], "c1", true), page([], "c2", true)]);
    await take("s", { reason: "demand" });
    expect((await report("s"))?.waits_until).toBeNull();
    expect(await runSweeps(deps, "acme")).toBe(75_000);
    expect(await report("s")).toMatchObject({
      state: "running",
      waits_until: "2026-11-25T08:01:15.000Z",
      message: null,
    });
    later(75_000);
    expect(await runSweeps(deps, "acme")).toBeUndefined();
    expect(await report("s")).toMatchObject({ state: "finished", waits_until: null });
  });

  it("reads page after page by the cursor, and each ticket once in its newest state", async () => {
    const { done, actions } = recorder();
    const newer = rowOf(2, { generated_timestamp: exportedRow.generated_timestamp + 60 });
    const { deps, queries } = await start(
      [page([rowOf(1), newer, rowOf(2)], "c1", false), page([rowOf(3)], "c2", true)],
      actions,
    );
    await take("s");
    expect(await runSweeps(deps, "acme")).toBeUndefined();

    const start_time = Date.parse(SINCE) / 1_000;
    expect(queries()).toEqual([
      `start_time=${start_time}&per_page=500&include=users`,
      "cursor=c1&per_page=500&include=users",
    ]);
    expect(done.filter((key) => key.startsWith("sweep:2:conversation"))).toEqual([
      "sweep:2:conversation:2026-11-20T09:01:03.000Z",
    ]);
    expect(await report("s")).toMatchObject({
      state: "finished",
      tickets_looked_at: 3,
      missed: 6,
      repaired: 6,
      message: null,
    });
  });

  it("sits out the limit of the export", async () => {
    const limited = { error: "APIRateLimitExceeded", description: "Number of allowed …" };
    const { deps } = await start([
      json(limited, 429, { "retry-after": "1" }),
      page([rowOf(1)], "c1", true),
    ]);
    await take("s");
    await runSweeps(deps, "acme");
    expect(await report("s")).toMatchObject({ state: "finished", tickets_looked_at: 1 });
  });

  it("reads on until all up to the request is exported, unless it is the hour's", async () => {
    const { deps, queries, later } = await start([
      page([], "c1", true),
      page([rowOf(1)], "c2", true),
    ]);
    await take("s", { reason: "upload" });
    const goOnMs = await runSweeps(deps, "acme");
    expect(goOnMs).toBe(75_000);
    expect(await report("s")).toMatchObject({ state: "running" });
    later(goOnMs ?? 0);
    expect(await runSweeps(deps, "acme")).toBeUndefined();
    expect(queries()).toHaveLength(2);
    expect(await report("s")).toMatchObject({ tickets_looked_at: 1 });
  });

  describe("of deleted tickets", () => {
    const store = (ticketId: number, deletedAt: string | null) =>
      database.pool.query(
        `insert into qa_conversations (account_id, ticket_id, status, tags, custom_fields, created_at,
          source_updated_at, observed_at, captured_at, captures, message_count, deleted_at)
        values ('acme', $1, 'solved', '{vip}', '[]', now(), $2, now(), now(), 1, 0, $3)`,
        [String(ticketId), exportedRow.updated_at, deletedAt],
      );
    const deletions = (done: readonly string[]) =>
      done.filter((key) => /:(deleted|restored|erased)/.test(key));
    const deleted = { status: "deleted" };
    const restorable = (...ids: number[]) =>
      json({ deleted_tickets: ids.map((id) => ({ id })), meta: { has_more: false } });

    it("hides what is shown, and does nothing for what is not stored or hidden already", async () => {
      await store(1, null);
      await store(3, "2026-11-24T00:00:00Z");
      const { done, actions } = recorder();
      const rows = [1, 2, 3].map((id) => rowOf(id, deleted));
      const { deps } = await start([page(rows, "c", true), restorable(1, 3)], actions);
      await take("s");
      await runSweeps(deps, "acme");
      expect(await report("s")).toMatchObject({ missed: 0, extra: 1, repaired: 1, message: null });
      expect(deletions(done)).toEqual(["sweep:1:deleted:2026-11-20T09:00:03.000Z"]);
    });

    it("shows again what was restored, but not what was deleted after the state of the export", async () => {
      await store(1, "2026-11-20T08:00:00Z");
      await store(2, "2026-11-20T10:00:00Z");
      const { done, actions } = recorder();
      const { deps } = await start(
        [page([rowOf(1), rowOf(2)], "c", true), restorable(1, 2)],
        actions,
      );
      await take("s");
      await runSweeps(deps, "acme");
      expect(deletions(done)).toEqual(["sweep:1:restored:2026-11-20T09:00:03.000Z"]);
    });

    it("erases what is hidden, cannot be restored and is not there, once that is settled", async () => {
      await store(1, "2026-11-24T00:00:00Z");
      await store(2, "2026-11-24T00:00:00Z");
      await store(3, "2026-11-24T00:00:00Z");
      await store(4, REQUESTED.toISOString());
      const { done, actions } = recorder();
      const found = json({ ticket: rowOf(3) });
      const gone = json({ error: "RecordNotFound", description: "Not found" }, 404);
      const { deps } = await start([page([], "c", true), restorable(2), gone, found], actions);
      await take("s");
      await runSweeps(deps, "acme");
      expect(done).toEqual(["sweep:1:erased"]);
      expect(await report("s")).toMatchObject({ state: "finished", extra: 1, repaired: 1 });
    });

    it("erases nothing while the list cannot be read, says so, and ends all the same", async () => {
      await store(1, "2026-11-24T00:00:00Z");
      const { done, actions } = recorder();
      const refused = json({ error: "Forbidden" }, 403);
      const { deps } = await start([page([], "c", true), refused], actions);
      await take("s");
      await runSweeps(deps, "acme");
      expect(done).toEqual([]);
      const { state, message } = (await report("s"))!;
      expect([state, message]).toEqual([
        "finished",
        expect.stringMatching(/^which deleted tickets are gone for good could not be read/),
      ]);
    });

    it("only reports when it is a dry run", async () => {
      await store(1, null);
      await store(2, "2026-11-24T00:00:00Z");
      const { done, actions } = recorder();
      const gone = json({ error: "RecordNotFound", description: "Not found" }, 404);
      const { deps } = await start(
        [page([rowOf(1, deleted)], "c", true), restorable(1), gone],
        actions,
      );
      await take("s", { dry_run: true });
      await runSweeps(deps, "acme");
      expect(done).toEqual([]);
      expect(await report("s")).toMatchObject({ extra: 2, repaired: 0 });
    });
  });

  const sizesOf = (queries: readonly (string | undefined)[]) =>
    queries.map((query) => Number(/per_page=(\d+)/.exec(query ?? "")?.[1]));
  const upstream = text("upstream request timeout", 504);

  it.each<[string, (pageSize: number) => Answer]>([
    ["504", () => upstream],
    ["500", () => json({ error: "InternalError" }, 500)],
    ["more bytes than we read", (pageSize) => text("x".repeat(20_000 * pageSize))],
  ])(
    "halves a page that is answered with %s, and asks for none of them twice",
    async (_, refuse) => {
      let next = 1;
      const { deps, queries } = await start(
        (pageSize) => {
          if (pageSize > 1 && next === 1) return refuse(pageSize);
          next += 1;
          return page([rowOf(next)], `c${next}`, next === 4);
        },
        recorder().actions,
        { maxResponseBytes: 30_000 },
      );
      await take("s");
      expect(await runSweeps(deps, "acme")).toBeUndefined();
      expect(sizesOf(queries())).toEqual([500, 250, 125, 62, 31, 15, 7, 3, 1, 2, 4]);
      expect(await report("s")).toMatchObject({ state: "finished", tickets_looked_at: 3 });
    },
  );

  it("halves a page that is too slow", async () => {
    const { deps, queries } = await start(
      (pageSize) => (pageSize > 200 ? stalls : page([rowOf(1)], "c", true)),
      recorder().actions,
      { bodyTimeoutMs: 50 },
    );
    await take("s");
    await runSweeps(deps, "acme");
    expect(sizesOf(queries())).toEqual([500, 250, 125]);
    expect(await report("s")).toMatchObject({ state: "finished", tickets_looked_at: 1 });
  });

  it("gives Zendesk more time for a page than for a ticket", async () => {
    const late: Answer = (response) =>
      void setTimeout(() => page([rowOf(1)], "c", true)(response), 2_500);
    const { deps, queries } = await start([late], recorder().actions, { headersTimeoutMs: 100 });
    await take("s");
    await runSweeps(deps, "acme");
    expect(sizesOf(queries())).toEqual([500]);
    expect(await report("s")).toMatchObject({ state: "finished", tickets_looked_at: 1 });
  });

  it("remembers the size that it came to, also when another run goes on", async () => {
    let isBad = true;
    const { deps, queries } = await start(() => (isBad ? upstream : page([rowOf(1)], "c", true)));
    await take("s");
    await expect(runSweeps(deps, "acme")).rejects.toMatchObject({ code: "ZENDESK_UNAVAILABLE" });
    const before = queries().length;
    expect(sizesOf(queries()).at(-1)).toBe(1);
    isBad = false;
    await runSweeps(deps, "acme");
    expect(sizesOf(queries().slice(before))).toEqual([1]);
    expect(await report("s")).toMatchObject({ state: "finished", tickets_looked_at: 1 });
  });

  it.each([[null], [""], [undefined]])(
    "ends where the last page's cursor is %j",
    async (cursor) => {
      const last = json({ tickets: [rowOf(2)], after_cursor: cursor, end_of_stream: true });
      const { deps, queries } = await start([page([rowOf(1)], "c1", false), last]);
      await take("s");
      expect(await runSweeps(deps, "acme")).toBeUndefined();
      expect(queries()).toHaveLength(2);
      expect(await report("s")).toMatchObject({ state: "finished", tickets_looked_at: 2 });

      const only = await start([last]);
      await take("only");
      expect(await runSweeps(only.deps, "acme")).toBeUndefined();
      expect(await report("only")).toMatchObject({ state: "finished", tickets_looked_at: 1 });
    },
  );

  it("reads on from where it can when a last page had no cursor", async () => {
    const { deps, queries, later } = await start([
      page([rowOf(1)], "c1", false),
      page([rowOf(2)], null, true),
      page([rowOf(2), rowOf(3)], null, true),
    ]);
    await take("s", { reason: "upload" });
    later((await runSweeps(deps, "acme")) ?? 0);
    expect(await runSweeps(deps, "acme")).toBeUndefined();
    expect(queries().map((query) => query!.split("&", 1)[0])).toEqual([
      expect.stringMatching(/^start_time=/),
      "cursor=c1",
      "cursor=c1",
    ]);
  });

  it("leaves old tickets alone that only Zendesk touched, unless the settings want them", async () => {
    const touched = { updated_at: "2026-10-20T00:00:00Z" };
    const rows = [rowOf(1, touched), rowOf(2, touched), rowOf(3)];
    await rememberLookUp(database.db, "acme", {
      ticketId: "2",
      caseId: null,
      typedNumber: undefined,
      lookedAt: REQUESTED,
    });
    const { done, actions } = recorder();
    const { deps } = await start([page(rows, "c", true)], actions);
    await take("s");
    await runSweeps(deps, "acme");
    const ticketsOf = (keys: string[]) => new Set(keys.map((key) => key.split(":")[1]));
    // Something of the second one is known here.
    expect(ticketsOf(done)).toEqual(new Set(["2", "3"]));
    expect(await report("s")).toMatchObject({
      tickets_looked_at: 3,
      message:
        "1 old tickets that only Zendesk itself touched were left alone (setting sweep_old_tickets)",
    });

    const wanting = await start([page(rows, "c", true)], actions);
    const settings = async () => ({ ...DEFAULT_SETTINGS, sweep_old_tickets: true });
    await take("wanting");
    await runSweeps({ ...wanting.deps, settings }, "acme");
    expect(ticketsOf(done)).toEqual(new Set(["1", "2", "3"]));
    expect(await report("wanting")).toMatchObject({ message: null });
  });

  it("counts a ticket as old by the time that the sweep covers", async () => {
    const { done, actions } = recorder();
    const row = rowOf(1, { updated_at: "2026-10-20T00:00:00Z" });
    const { deps } = await start([page([row], "c", true)], actions);
    await take("s", { reason: "demand", since: "2026-11-01T00:00:00Z" });
    await runSweeps(deps, "acme");
    expect(done).toContain("sweep:1:conversation:2026-11-20T09:00:03.000Z");
  });

  it("goes on from its cursor when it fails in between, and reports each finding once", async () => {
    let fails = true;
    const { done, actions } = recorder({
      record: async (key) => {
        if (fails && key.startsWith("sweep:3:"))
          throw new AppError("NOT_READY", "the database is away");
        done.push(key);
      },
    });
    const pages = [page([rowOf(1)], "c1", false), page([rowOf(2), rowOf(3)], "c2", true)];
    const { deps, queries } = await start([...pages, pages[1]!], actions);
    await take("s");
    await expect(runSweeps(deps, "acme")).rejects.toThrow("the database is away");
    expect(await report("s")).toMatchObject({ state: "running", tickets_looked_at: 1 });
    fails = false;
    await runSweeps(deps, "acme");
    expect(queries().map((query) => query!.split("&", 1)[0])).toEqual([
      expect.stringMatching(/^start_time=/),
      "cursor=c1",
      "cursor=c1",
    ]);
    expect(await report("s")).toMatchObject({ state: "finished", missed: 6, repaired: 6 });
    expect(await report("s")).toMatchObject({ tickets_looked_at: 3 });
  });

  it.each<[string, Answer, string]>([
    ["a cursor that stands still", page([], null, false), "no new cursor"],
    ["a refusal", json({ error: "Forbidden" }, 403), "403"],
    ["words that no database keeps", json({ error: "a\u0000b" }, 403), "403"],
    ["no export at all", text("<html>", 404), "404"],
  ])("ends as failed, with the cause, on %s", async (_, answer, cause) => {
    const { deps } = await start([answer]);
    await take("s");
    await runSweeps(deps, "acme");
    const found = await report("s");
    expect(found?.state).toBe("failed");
    expect(found?.message).toContain(cause);
  });

  it("asks later for a row that it cannot read, and says so", async () => {
    const again = json({ ticket: rowOf(1), users: [userRow] });
    const { deps, queries } = await start([
      page([{ id: 1 }, rowOf(2), { id: "\u0000/../users" }, {}], "c", true),
      again,
    ]);
    await take("s");
    await runSweeps(deps, "acme");
    expect(await report("s")).toMatchObject({
      tickets_looked_at: 1,
      message:
        "3 tickets came in an unknown form; later sweeps ask again for those that have an id",
    });
    await take("t");
    await runSweeps(deps, "acme");
    expect(await report("t")).toMatchObject({ missed: 2, repaired: 2, message: null });
    expect(queries()).toHaveLength(3);
  });

  it("keeps an old ticket owed that is refused again, although the export is left alone", async () => {
    await database.db
      .insertInto("owed_tickets")
      .values({ account_id: "acme", ticket_id: "1", owed_since: REQUESTED, tried_by: "other" })
      .execute();
    const old = rowOf(1, { updated_at: "2026-01-01T00:00:00Z" });
    const { actions } = recorder({
      lookUp: async () => {
        throw new AppError("SALESFORCE_REFUSED", "no access to Case");
      },
    });
    const { deps } = await start(
      [json({ ticket: old, users: [userRow] }), page([old], "c", true)],
      actions,
    );
    await take("a");
    await runSweeps(deps, "acme");
    expect(await database.db.selectFrom("owed_tickets").selectAll().execute()).toHaveLength(1);
  });

  it("ends its run also amid what is owed, and goes on where it stopped", async () => {
    const rows = [1, 2, 3].map((id) => ({
      account_id: "acme",
      ticket_id: String(id),
      owed_since: REQUESTED,
      tried_by: "other",
    }));
    await database.db.insertInto("owed_tickets").values(rows).execute();
    const ticket = (id: number) => json({ ticket: rowOf(id), users: [userRow] });
    const { deps, later, queries } = await start([ticket(1), ticket(2), ticket(3)]);
    const slow = {
      ...deps,
      readTicket: (...asked: Parameters<typeof deps.readTicket>) => {
        later(3 * 60_000);
        return deps.readTicket(...asked);
      },
    };
    await take("a");
    expect(await runSweeps(slow, "acme")).toBe(0);
    expect(queries()).toHaveLength(2);
    expect(await runSweeps(slow, "acme")).toBeUndefined();
    expect(queries()).toHaveLength(4);
    expect(await database.db.selectFrom("owed_tickets").selectAll().execute()).toEqual([]);
  });

  it("keeps what is owed while all is switched off", async () => {
    await database.db
      .insertInto("owed_tickets")
      .values({ account_id: "acme", ticket_id: "1", owed_since: REQUESTED, tried_by: "other" })
      .execute();
    const { deps } = await start([page([rowOf(1)], "c", true)]);
    const settings = async () => ({ ...DEFAULT_SETTINGS, enabled: false });
    await take("a");
    await runSweeps({ ...deps, settings }, "acme");
    expect(await database.db.selectFrom("owed_tickets").selectAll().execute()).toHaveLength(1);
  });

  it("goes on with other tickets when one is refused for good", async () => {
    const { actions } = recorder({
      lookUp: async ({ ticket: { id } }) => {
        if (id === "1") throw new AppError("SALESFORCE_REFUSED", "no access to Case");
        return { outcome: "none", ticket_id: id, case_id: null, reason: "no_candidate" };
      },
    });
    const { deps } = await start([page([rowOf(1), rowOf(2)], "c", true)], actions);
    await take("s");
    await runSweeps(deps, "acme");
    expect(await report("s")).toMatchObject({
      state: "finished",
      repaired: 4,
      message: "ticket 1: its case was not looked up: no access to Case",
    });
  });

  it("asks again for a ticket that was refused, once in each sweep, until it is done or gone", async () => {
    let refusing = new Set(["1", "2", "3"]);
    const looked: string[] = [];
    const { actions } = recorder({
      lookUp: async ({ ticket: { id } }) => {
        looked.push(id);
        if (refusing.has(id)) throw new AppError("SALESFORCE_REFUSED", "invalid_client");
        return { outcome: "none", ticket_id: id, case_id: null, reason: "no_candidate" };
      },
    });
    const again = (id: number) => json({ ticket: rowOf(id), users: [userRow] });
    const end = page([], "end", true);
    const gone = json({ error: "RecordNotFound", description: "Not found" }, 404);
    const { deps, queries } = await start(
      [
        page([rowOf(1), rowOf(2), rowOf(3), rowOf(4)], "c", true),
        again(1),
        again(2),
        gone,
        end,
        json({ error: "Forbidden" }, 403),
        end,
        again(1),
        end,
      ],
      actions,
    );
    const owed = async () => {
      const rows = await database.db.selectFrom("owed_tickets").selectAll().execute();
      return rows.map((row) => row.ticket_id).toSorted();
    };
    const sweep = async (id: string) => {
      await take(id);
      await runSweeps(deps, "acme");
      return [await owed(), (await report(id))!.message];
    };

    expect(await sweep("a")).toEqual([
      ["1", "2", "3"],
      "ticket 3: its case was not looked up: invalid_client",
    ]);
    refusing = new Set(["1"]);
    expect((await sweep("b"))[0]).toEqual(["1"]);
    expect(await sweep("c")).toEqual([
      ["1"],
      expect.stringContaining("ticket 1: Zendesk answered"),
    ]);
    refusing = new Set();
    expect(await sweep("d")).toEqual([[], null]);
    expect(looked).toEqual(["1", "2", "3", "4", "1", "2", "1"]);
    expect(queries()).toHaveLength(9);
  });

  it("reports a conversation that may not be read as missed, and does not ask for it by itself", async () => {
    const captured: string[] = [];
    const { actions } = recorder({
      capture: async (_key, { ticket_id, occurred_at: occurredAt }) => {
        captured.push(`${ticket_id} ${occurredAt}`);
        const reason = "the scope is missing";
        return { outcome: "conversation_unreadable", ticket_id: String(ticket_id), reason };
      },
    });
    const row = rowOf(1, { assignee_id: null, group_id: null });
    const { deps } = await start([page([row], "c", true)], actions);
    await take("a");
    await runSweeps(deps, "acme");
    expect(captured).toEqual(["1 2026-11-20T09:00:00.000Z"]);
    const { missed, repaired, message } = (await report("a"))!;
    expect([missed, repaired, message]).toEqual([1, 0, "ticket 1: the scope is missing"]);
    expect(await database.db.selectFrom("owed_tickets").selectAll().execute()).toEqual([]);
  });

  it("leaves what is owed to a sweep that does more than report", async () => {
    await database.db
      .insertInto("owed_tickets")
      .values({ account_id: "acme", ticket_id: "1", owed_since: REQUESTED, tried_by: "other" })
      .execute();
    const { deps, queries } = await start([]);
    await take("a", { dry_run: true });
    await runSweeps(deps, "acme");
    expect(queries()).toHaveLength(1);
    expect(await database.db.selectFrom("owed_tickets").selectAll().execute()).toHaveLength(1);
  });

  it("runs once at a time for an account", async () => {
    const { deps } = await start([page([], "c", true)]);
    await take("s");
    let inside: Promise<unknown> | undefined;
    const busy: RunSweepsDeps = {
      ...deps,
      settings: async () => {
        inside = runSweeps(deps, "acme");
        await expect(inside).rejects.toMatchObject({ code: "REQUEST_IN_PROGRESS" });
        return DEFAULT_SETTINGS;
      },
    };
    expect(await runSweeps(busy, "acme")).toBeUndefined();
    expect(inside).toBeDefined();
  });

  it("fails without settings, because nothing could be judged", async () => {
    const { deps } = await start([]);
    await take("s");
    await runSweeps({ ...deps, settings: async () => undefined }, "acme");
    expect(await report("s")).toMatchObject({ state: "failed" });
  });
});

describe("takeSweep", () => {
  it("answers one that waits and covers the request, also when two ask at once", async () => {
    const [first, second] = await Promise.all([
      take("a", { reason: "upload" }),
      take("b", { reason: "upload" }),
    ]);
    expect(first).toBe(second);
    expect(await take("c", { reason: "demand", since: "2026-11-25T06:00:00Z" })).toBe("c");
    expect(await take("d", { reason: "demand", dry_run: true })).toBe("d");
    expect(await take("e")).not.toBe("e");
  });

  it("begins shortly before the last request, a day back the first time", async () => {
    const since = async (id: string) => Date.parse((await report(id))!.since);
    await take("a", { since: undefined });
    expect(await since("a")).toBe(REQUESTED.getTime() - 24 * 3_600_000);
    await runSweeps((await start([])).deps, "acme");
    await take("b", { since: undefined });
    expect(await since("b")).toBe(REQUESTED.getTime() - 10 * 60_000);
  });

  it("begins where one began that failed", async () => {
    await take("a");
    await runSweeps((await start([])).deps, "acme");
    await take("b", { since: "2026-11-20T00:00:00Z" });
    await runSweeps((await start([json({ error: "Forbidden" }, 403)])).deps, "acme");
    await take("c", { since: undefined });
    expect((await report("c"))!.since).toBe("2026-11-20T00:00:00.000Z");
  });
});
