/** Does a first load store every conversation that the settings want, with all its messages, and can it be stopped? */
import { describe, expect, it } from "vitest";
import { ROUTES } from "#contract/routes";
import type { SyncPlan, SyncStatus } from "#contract/routes/sync";
import type { World } from "#scripts/world";
import { startNow } from "#test/support/jobs";
import { startWorld } from "#test/support/world";

async function ask(world: World, method: string, path: string, body?: unknown) {
  const { url, token } = world.card.server;
  const reply = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as SyncStatus };
}

const start = async (world: World, since?: string) => {
  const { status, body } = await ask(world, "POST", ROUTES["start-sync"].path, { since });
  expect(status).toBe(202);
  return body;
};
const status = async (world: World) => (await ask(world, "GET", ROUTES.sync.path)).body;
const stop = async (world: World) => (await ask(world, "POST", ROUTES["stop-sync"].path)).body;

async function ended(world: World): Promise<SyncStatus> {
  const now = async () => {
    await startNow(world);
    return status(world);
  };
  await expect
    .poll(async () => (await now()).state, { interval: 100, timeout: 30_000 })
    .toBe("finished");
  return now();
}

/** The tickets that the default settings want, with the number of their comments. */
function wantedOf({ data, zendesk }: World) {
  return data.zendesk.tickets
    .filter(
      ({ status: state, tags }) =>
        ["solved", "closed"].includes(state) && !tags.includes("bulk_import"),
    )
    .map(({ id }) => ({
      ticket_id: String(id),
      comments: zendesk.tickets.comments(String(id)).length,
    }))
    .toSorted((left, right) => (left.ticket_id < right.ticket_id ? -1 : 1));
}

async function storedOf({ deps: { db } }: World) {
  const rows = await db
    .selectFrom("qa_conversations")
    .select(["ticket_id", "message_count", "messages_wanted", "captures"])
    .orderBy("ticket_id")
    .execute();
  return rows.toSorted((left, right) => (left.ticket_id < right.ticket_id ? -1 : 1));
}

describe("a first load", () => {
  it("stores what the settings want, with all messages, and nothing twice", async () => {
    const world = await startWorld();
    expect(await status(world)).toMatchObject({ state: "none", windows: 0, since: null });
    const wanted = wantedOf(world);
    expect(wanted.length).toBeGreaterThan(5);
    const oldest = world.data.zendesk.tickets.map((ticket) => ticket.updated_at).toSorted()[0]!;

    const begun = await start(world, oldest);
    expect(begun).toMatchObject({ state: "running", windows_done: 0 });
    // One that runs is answered as it is.
    expect(await start(world)).toMatchObject({ windows: begun.windows });
    const done = await ended(world);
    expect(done).toMatchObject({ messages_left: 0, messages_refused: 0, message: null });
    expect(done.windows_done).toBe(begun.windows);
    expect(done.tickets_seen).toBeGreaterThanOrEqual(world.data.zendesk.tickets.length);
    const stored = await storedOf(world);
    expect(stored.map(({ ticket_id }) => ticket_id)).toEqual(
      wanted.map(({ ticket_id }) => ticket_id),
    );
    expect(stored.every((row) => row.messages_wanted === null && row.captures === 1)).toBe(true);
    expect(stored.every((row, at) => row.message_count >= wanted[at]!.comments)).toBe(true);

    await start(world, oldest);
    await ended(world);
    expect(await storedOf(world)).toEqual(stored);
  });

  it("stops when it is told to, and goes on where it was", async () => {
    const world = await startWorld();
    const since = "2025-01-10T00:00:00Z";
    const { windows } = await start(world, since);
    const stopped = await stop(world);
    expect(stopped).toMatchObject({ state: "stopped", windows, waits_until: null });
    expect(stopped.finished_at).not.toBeNull();
    expect(await stop(world)).toMatchObject({ state: "stopped" });

    expect(await start(world)).toMatchObject({ state: "running", windows, finished_at: null });
    expect(await ended(world)).toMatchObject({ windows, windows_done: windows, messages_left: 0 });
    expect(await storedOf(world)).toHaveLength(wantedOf(world).length);
  });

  it.each([
    ["read tickets:write", "search"],
    ["tickets:read tickets:write users:read", "highest_id"],
  ])("is planned with the scope %s, by %s", async (zendeskScope, countedBy) => {
    const world = await startWorld({ zendeskScope, limits: { incrementalExportsPerMinute: 10 } });
    const path = ROUTES["plan-sync"].path;
    const { status: code, body } = await ask(world, "POST", path, {});
    const plan = body as unknown as SyncPlan;
    expect(code).toBe(200);
    expect(plan).toMatchObject({ counted_by: countedBy, since: "2007-01-01T00:00:00.000Z" });
    expect(plan.tickets).toBeGreaterThanOrEqual(world.data.zendesk.tickets.length);
    expect(plan.people).toBeGreaterThan(0);
    expect(plan.limits).toEqual({ account: 2_500, incremental_exports: 10 });
    expect(plan.windows.at(-1)?.since).toBe(plan.since);
    expect(plan.windows[0]?.until).toBe(plan.until);
    expect(plan.hours).toBeGreaterThanOrEqual(plan.hours_at_limits);
    expect(await status(world)).toMatchObject({ state: "none" });

    await start(world);
    expect(await status(world)).toMatchObject({
      windows: plan.windows.length,
      tickets_expected: countedBy === "search" ? plan.tickets : null,
      since: plan.since,
    });
  });

  it("is refused with a time that is none, one in the future, and an unknown member", async () => {
    const world = await startWorld({ tickets: 1 });
    const future = new Date(Date.now() + 3_600_000).toISOString();
    for (const body of [{ since: "yesterday" }, { since: future }, { until: future }]) {
      expect((await ask(world, "POST", ROUTES["start-sync"].path, body)).status).toBe(400);
    }
    expect(await status(world)).toMatchObject({ state: "none" });
  });
});
