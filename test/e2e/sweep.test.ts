/** Does a sweep find exactly what events did not bring, repair it once, and leave nothing for late events to do? */
import { sql } from "kysely";
import { describe, expect, it, onTestFinished } from "vitest";
import { SWEEP } from "#subjects/sweep/module";
import { ROUTES } from "#contract/routes";
import type { SweepReport, SweepRequest } from "#contract/routes/sweep";
import { caseLinkName } from "#contract/links";
import { CASE_NUMBER_FIELD_ID } from "#sandbox/data/ticket-fields";
import type { World } from "#scripts/world";
import { startFleet } from "../fault/histories/fleet.ts";
import { startNow } from "../support/jobs.ts";
import { linksOf, startWorld } from "../support/world.ts";

type ZisEvents = Parameters<World["zis"]["accept"]>[0][];

/** A world whose events are kept until they are let go, and whose clock can be moved. */
async function startQuietWorld() {
  let aheadMs = 0;
  const withheld: ZisEvents = [];
  let isQuiet = false;
  const holder: { world?: World } = {};
  const world = await startWorld({
    now: () => new Date(Date.now() + aheadMs),
    // Several sweeps in what is one minute for a test: our own budget would wait for the next one.
    limits: { incrementalExportsPerMinute: 1_000 },
    onEvents: (events) => {
      if (isQuiet) withheld.push(...events);
      else for (const event of events) holder.world?.zis.accept(event);
    },
  });
  holder.world = world;
  return {
    world,
    withheld,
    withhold: (quiet: boolean) => void (isQuiet = quiet),
    pass: (seconds: number) => void (aheadMs += seconds * 1_000),
    aheadMs: () => aheadMs,
  };
}

async function ask(world: World, method: string, path: string, body?: unknown) {
  const { url, token } = world.card.server;
  const reply = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as SweepReport };
}

async function request(world: World, wanted: SweepRequest): Promise<SweepReport> {
  const { status, body } = await ask(world, "POST", ROUTES.sweeps.path, wanted);
  expect(status).toBe(202);
  return body;
}

async function finished(world: World, id: string): Promise<SweepReport> {
  const path = ROUTES.sweep.path.replace(":id", id);
  const report = async () => {
    await startNow(world);
    return (await ask(world, "GET", path)).body;
  };
  await expect.poll(async () => (await report()).state, { interval: 100 }).not.toBe("running");
  return report();
}

/** Asks, lets the held back minute pass, waits for the report and for what the sweep has set going. */
async function sweep(
  quiet: Awaited<ReturnType<typeof startQuietWorld>>,
  wanted: SweepRequest,
): Promise<SweepReport> {
  const { id } = await request(quiet.world, wanted);
  quiet.pass(80);
  const report = await finished(quiet.world, id);
  await quiet.world.zis.idle(120_000);
  return report;
}

const solvable = (world: World, outcome: "matched" | "none", count: number) => {
  const found = world.data.zendesk.tickets
    .filter(
      ({ id, status, tags }) =>
        status === "open" &&
        !tags.includes("bulk_import") &&
        world.data.truth.get(String(id))?.outcome === outcome,
    )
    .map(({ id }) => String(id));
  expect(found.length).toBeGreaterThanOrEqual(count);
  return found.slice(0, count);
};

const caseOf = (world: World, ticketId: string) => {
  const truth = world.data.truth.get(ticketId);
  return truth?.outcome === "matched" ? truth.caseId : "";
};

/** Everything that the stores hold, but how often it was captured and when. */
async function stores({ deps: { db }, ...world }: World, ticketIds: readonly string[]) {
  const conversations = await db
    .selectFrom("qa_conversations")
    .select(["ticket_id", "case_id", "status", "assignee_id", "group_id", "message_count"])
    .select(["source_updated_at", "last_comment_id"])
    .orderBy("ticket_id")
    .execute();
  const assignments = await db
    .selectFrom("qa_assignments")
    .select(["ticket_id", "agent_id", "group_id", "occurred_at"])
    .orderBy("ticket_id")
    .orderBy("occurred_at")
    .execute();
  const links = await Promise.all(ticketIds.map((id) => linksOf(world as World, id)));
  const comments = ticketIds.map((id) => world.zendesk.tickets.comments(id).length);
  return { conversations, assignments, links, comments };
}

const justBefore = () => new Date(Date.now() - 60_000).toISOString();

describe("a sweep", () => {
  it("finds exactly the tickets whose events did not come, repairs them, and then nothing", async () => {
    const quiet = await startQuietWorld();
    const { world, withheld } = quiet;
    const [heard, lost] = solvable(world, "matched", 2);
    const [unmatched] = solvable(world, "none", 1);
    const since = justBefore();
    const other = world.data.zendesk.agents[1]!.id;

    world.zendesk.agents.assign(heard!, other);
    world.zendesk.agents.setStatus(heard!, "solved");
    await world.zis.idle(120_000);
    quiet.withhold(true);
    world.zendesk.agents.assign(lost!, other);
    world.zendesk.agents.setStatus(lost!, "solved");
    world.zendesk.agents.setStatus(unmatched!, "solved");
    const ids = [heard!, lost!, unmatched!];
    const before = await stores(world, ids);

    const dry = await sweep(quiet, { since, dry_run: true });
    expect(dry).toMatchObject({ state: "finished", missed: 5, stale: 0, extra: 0, repaired: 0 });
    expect(await stores(world, ids)).toEqual(before);

    const report = await sweep(quiet, { since });
    expect(report).toMatchObject({ state: "finished", message: null, missed: 5, repaired: 5 });
    expect(new Set(report.findings.map(({ ticket_id, what }) => `${ticket_id}: ${what}`))).toEqual(
      new Set([
        `${lost}: the conversation is not stored`,
        `${lost}: the link to case ${caseOf(world, lost!)} was not asked for`,
        `${lost}: who works on it is not recorded`,
        `${unmatched}: the conversation is not stored`,
        `${unmatched}: who works on it is not recorded`,
      ]),
    );
    const repaired = await stores(world, ids);
    expect(repaired.conversations.map((row) => row.ticket_id).toSorted()).toEqual(ids.toSorted());
    expect(repaired.links).toEqual([
      [caseLinkName(caseOf(world, heard!))],
      [caseLinkName(caseOf(world, lost!))],
      [],
    ]);

    const again = await sweep(quiet, { since });
    expect(again).toMatchObject({ state: "finished", missed: 0, stale: 0, extra: 0 });
    expect(again.tickets_looked_at).toBe(3);

    for (const event of withheld.splice(0)) world.zis.accept({ ...event, copies: 2 });
    await world.zis.idle(120_000);
    expect(await stores(world, ids)).toEqual(repaired);
  });

  it("leaves one effect when the events come while it runs", async () => {
    const quiet = await startQuietWorld();
    const { world, withheld } = quiet;
    const ids = solvable(world, "matched", 3);
    const since = justBefore();
    quiet.withhold(true);
    for (const id of ids) world.zendesk.agents.assign(id, world.data.zendesk.agents[1]!.id);
    for (const id of ids) world.zendesk.agents.setStatus(id, "solved");
    quiet.pass(130);

    const running = await Promise.all([
      request(world, { since, reason: "upload" }),
      request(world, { since, reason: "upload" }),
    ]);
    for (const event of withheld.splice(0)) world.zis.accept(event);
    quiet.pass(80);
    for (const { id } of running) await finished(world, id);
    await world.zis.idle(120_000);

    const { conversations, assignments, links } = await stores(world, ids);
    expect(conversations).toHaveLength(3);
    expect(assignments).toHaveLength(3);
    expect(links).toEqual(ids.map((id) => [caseLinkName(caseOf(world, id))]));
    expect(await sweep(quiet, { since })).toMatchObject({ missed: 0, stale: 0, extra: 0 });
  });

  it("captures again what has changed since it was captured, and promises what Salesforce cannot tell", async () => {
    const quiet = await startQuietWorld();
    const { world } = quiet;
    const [changed, silent] = solvable(world, "matched", 2);
    const since = justBefore();
    world.zendesk.agents.setStatus(changed!, "solved");
    await world.zis.idle(120_000);
    quiet.withhold(true);
    quiet.pass(5);
    // Zendesk can build no large page meanwhile.
    world.faults.zendesk.add({ path: "*/incremental/*", query: "*per_page=500*", status: 504 });
    world.faults.zendesk.add({ path: "*/incremental/*", query: "*per_page=250*", status: 504 });
    world.zendesk.agents.reply(changed!, "one more thing", { public: false });
    world.zendesk.agents.setStatus(silent!, "solved");
    world.faults.salesforce.add({ path: "/services/data/*", status: 503 });

    const { id } = await request(world, { since });
    quiet.pass(80);
    const report = await finished(world, id);
    expect(report.findings).toContainEqual({
      ticket_id: changed,
      kind: "stale",
      what: "the conversation is stored in an older state",
      repaired: true,
    });
    expect(report.findings).toContainEqual({
      ticket_id: silent,
      kind: "missed",
      what: "its case could not be looked up now; the queue looks for it",
      repaired: true,
    });
    world.faults.salesforce.clear();
    // So that the circuit to Salesforce lets a call through again.
    quiet.pass(60);
    const linked = async () => {
      await startNow(world);
      return linksOf(world, silent!);
    };
    await expect.poll(linked, { interval: 200 }).toEqual([caseLinkName(caseOf(world, silent!))]);
    expect(await sweep(quiet, { since })).toMatchObject({ missed: 0, stale: 0, extra: 0 });
  });

  it("finds what automations changed, which make no event and leave updated_at alone", async () => {
    const quiet = await startQuietWorld();
    const { world, withheld } = quiet;
    const [heard] = solvable(world, "none", 1);
    const since = justBefore();
    // The look-up of the event is seconds later than the change that it is about.
    quiet.withhold(true);
    world.zendesk.agents.setStatus(heard!, "solved");
    quiet.pass(5);
    for (const event of withheld.splice(0)) world.zis.accept(event);
    await world.zis.idle(120_000);
    const { updated_at } = world.zendesk.tickets.get(heard!)!;
    quiet.pass(20);
    const found = world.data.salesforce.Case.find(({ IsClosed }) => IsClosed === false)!;
    const typed = [{ id: CASE_NUMBER_FIELD_ID, value: String(found["CaseNumber"]) }];
    world.zendesk.automations.change(heard!, { custom_fields: typed, status: "closed" });
    expect(world.zendesk.tickets.get(heard!)!.updated_at).toBe(updated_at);

    const report = await sweep(quiet, { since });
    expect(report).toMatchObject({ state: "finished", message: null, repaired: 3 });
    expect(report.findings.map(({ kind, what }) => `${kind}: ${what}`).toSorted()).toEqual([
      `missed: the link to case ${found.Id} was not asked for`,
      "missed: who works on it is not recorded",
      "stale: the conversation is stored in an older state",
    ]);
    expect(await linksOf(world, heard!)).toEqual([caseLinkName(found.Id)]);
    const { conversations } = await stores(world, [heard!]);
    expect(conversations).toMatchObject([{ ticket_id: heard, status: "closed" }]);

    world.zendesk.automations.change(heard!, {});
    const again = await sweep(quiet, { since });
    expect(again).toMatchObject({ tickets_looked_at: 1, missed: 0, stale: 0, extra: 0 });
  });

  it("goes on where a server was killed, and does nothing twice", async () => {
    const quiet = await startQuietWorld();
    const { world } = quiet;
    const ids = solvable(world, "matched", 4);
    const since = justBefore();
    quiet.withhold(true);
    for (const id of ids) world.zendesk.agents.setStatus(id, "solved");
    quiet.pass(130);
    // Only the other server works on jobs.
    await world.deps.jobs.stop(0);
    const fleet = startFleet(1, {
      ...world.environment,
    });
    onTestFinished(() => fleet.stop());
    await fleet.ready();
    fleet.arm(0, "after-effect", 3);
    const dying = fleet.find(0);

    const { rows: taken } = await sql<{ id: string }>`
      insert into sweeps (account_id, id, reason, dry_run, since, state, requested_at, tickets_looked_at)
      values ('12514403', 'killed', 'hourly', false, ${since}, 'running', now(), 0) returning id`.execute(
      world.deps.db,
    );
    expect(taken).toEqual([{ id: "killed" }]);
    await world.deps.db
      .transaction()
      .execute((trx) => world.deps.jobs.enqueue(trx, SWEEP, { account: "12514403" }));
    await expect.poll(() => fleet.find(0)).not.toBe(dying);
    await fleet.ready();
    expect(fleet.disarm()).toEqual(["after-effect"]);

    const report = await finished(world, "killed");
    await world.zis.idle(120_000);
    const { conversations, assignments, links } = await stores(world, ids);
    expect(report).toMatchObject({ missed: 12, stale: 0, repaired: 12 });
    expect(conversations).toHaveLength(4);
    expect(assignments).toHaveLength(4);
    expect(links).toEqual(ids.map((id) => [caseLinkName(caseOf(world, id))]));
  });
});
