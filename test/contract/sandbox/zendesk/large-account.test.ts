/** Does an account of a million tickets answer as a small one does, without being held? */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildLargeAccount } from "#sandbox/data/history/large-account";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

const MILLION = 1_000_000;
const FROM = new Date("2023-01-01T00:00:00Z");
const UNTIL = new Date("2026-03-02T00:00:00Z");

interface Row {
  readonly id: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly generated_timestamp: number;
}

const build = (tickets: number, bulk?: { every: number; size: number }) =>
  buildLargeAccount({ seed: 5, tickets, from: FROM, until: UNTIL, ...(bulk && { bulk }) });

describe("an account of a million tickets", () => {
  let desk: DeskFixture;

  beforeAll(async () => {
    desk = await openDesk({
      data: build(MILLION),
      limits: { incrementalExportsPerMinute: 1_000_000 },
    });
  });
  afterAll(() => desk.close());

  const count = async (path: string) => (await desk.call(path)).body.count;

  it("is counted without being read", async () => {
    expect(await count("/tickets/count")).toMatchObject({ value: MILLION });
    expect(await count("/users/count.json")).toMatchObject({ value: 200_040 });
    expect(await count("/users/count?role[]=agent&role[]=admin")).toMatchObject({ value: 40 });
  });

  it("shows any ticket with its comments, audits and requester, the same each time", async () => {
    const id = 765_432;
    const first = await desk.call(`/tickets/${id}?include=users`);
    const again = await desk.call(`/tickets/${id}?include=users`);
    expect(first.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(first.body.users.map((user) => user.id)).toContain(first.body.ticket.requester_id);
    const comments = await desk.call(`/tickets/${id}/comments`);
    const audits = await desk.call(`/tickets/${id}/audits`);
    expect(comments.body.comments.length).toBeGreaterThan(1);
    expect(audits.body.audits).toHaveLength(comments.body.comments.length);
    const requester = await desk.call(`/users/${first.body.ticket.requester_id}`);
    expect(requester.status).toBe(200);
  });

  it.each([1_000, 1_001 + MILLION])("does not know ticket %d", async (id) => {
    expect((await desk.call(`/tickets/${id}`)).status).toBe(404);
  });

  it("exports any stretch in the order of change", async () => {
    const start = Date.parse("2025-06-01T00:00:00Z") / 1_000;
    const { body } = await desk.call(
      `/incremental/tickets/cursor?start_time=${start}&support_type_scope=all`,
    );
    const rows = body.tickets as unknown as Row[];
    expect(rows).toHaveLength(1_000);
    const places = rows.map((row) => [row.generated_timestamp, row.id] as const);
    expect(places).toEqual(places.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
    expect(places[0]![0]).toBeGreaterThanOrEqual(start);
    expect(rows.every((row) => row.created_at < row.updated_at)).toBe(true);
    const next = await desk.call(body.after_url);
    const [follower] = next.body.tickets as unknown as Row[];
    expect(follower!.generated_timestamp).toBeGreaterThanOrEqual(places.at(-1)![0]);
  });

  it("exports what happened on tickets in order", async () => {
    const start = Date.parse("2024-02-01T00:00:00Z") / 1_000;
    const { body } = await desk.call(
      `/incremental/ticket_events?start_time=${start}&include=comment_events&per_page=200`,
    );
    const rows = (body as unknown as { ticket_events: { timestamp: number }[] }).ticket_events;
    const times = rows.map(({ timestamp }) => timestamp);
    expect(times.length).toBeGreaterThanOrEqual(200);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(start);
  });

  it("lists by id from any cursor", async () => {
    const first = await desk.call("/tickets?page[size]=100");
    expect(first.body.tickets[0]!.id).toBe(1_001);
    const second = await desk.call(first.body.links.next);
    expect(second.body.tickets[0]!.id).toBe(1_101);
    const offset = await desk.call("/tickets?page=100");
    expect(offset.body.tickets.at(-1)!.id).toBe(11_000);
    expect((await desk.call("/tickets?page=101")).status).toBe(400);
  });

  it("keeps what changes over what is calculated, and exports it last", async () => {
    const id = 300_001;
    desk.zendesk.agents.addTags(String(id), ["seen"]);
    desk.clock.advance(120_000);
    expect((await desk.call(`/tickets/${id}`)).body.ticket).toMatchObject({
      tags: expect.arrayContaining(["seen"]),
    });
    const start = Math.floor(UNTIL.getTime() / 1_000);
    const last = await desk.call(`/incremental/tickets?start_time=${start}`);
    expect(last.body.tickets.map((ticket) => ticket.id)).toEqual([id]);
    expect(await count("/tickets/count")).toMatchObject({ value: MILLION });
    const created = await desk.call("/tickets", {
      method: "POST",
      body: { ticket: { comment: { body: "new" } } },
    });
    expect(created.body.ticket.id).toBe(1_001 + MILLION);
    expect(await count("/tickets/count")).toMatchObject({ value: MILLION + 1 });
  });

  it("knows a customer by address", async () => {
    const shown = (await desk.call("/users/421000000006119")).body.user as { email: string };
    const found = await desk.call(`/users/search?query=email:${encodeURIComponent(shown.email)}`);
    expect(found.body.users).toMatchObject([{ id: 421_000_000_006_119 }]);
  });
});

describe("a bulk change", () => {
  it("puts more rows than a page holds into one second, and no reader loses any", async () => {
    const data = build(4_000, { every: 4_000, size: 2_500 });
    const desk = await openDesk({ data, limits: { incrementalExportsPerMinute: 1_000 } });
    try {
      const byTime = new Set<number>();
      let path = "/incremental/tickets?start_time=1&support_type_scope=all";
      let largest = 0;
      for (;;) {
        const { body } = await desk.call(path);
        largest = Math.max(largest, body.tickets.length);
        for (const { id } of body.tickets) byTime.add(id);
        if (body.end_of_stream) break;
        path = body.next_page ?? "";
      }
      expect(largest).toBeGreaterThan(2_499);
      expect(byTime.size).toBe(4_000);

      const byCursor: number[] = [];
      let next = "/incremental/tickets/cursor?start_time=1&support_type_scope=all";
      for (;;) {
        const { body } = await desk.call(next);
        byCursor.push(...body.tickets.map(({ id }) => id));
        if (body.end_of_stream) break;
        next = body.after_url;
      }
      expect(byCursor).toHaveLength(4_000);
      expect(new Set(byCursor)).toEqual(byTime);
    } finally {
      await desk.close();
    }
  });
});

describe("ten million tickets", () => {
  it("are there at once, and cannot be more than the seconds of their time", () => {
    const started = performance.now();
    const data = build(10 * MILLION);
    expect(data.history?.tickets.count).toBe(10 * MILLION);
    expect(data.history?.tickets.get(10_001_000)).toMatchObject({ id: 10_001_000 });
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(() => build(100 * MILLION)).toThrow(RangeError);
  });

  it("take no memory when they are read", () => {
    const { history } = build(10 * MILLION);
    const before = process.memoryUsage().heapUsed;
    let read = 0;
    let ids = 0;
    for (const ticket of history!.tickets.byId(5_000_000)) {
      ids += ticket.id;
      read += 1;
      if (read === 50_000) break;
    }
    expect(ids).toBeGreaterThan(0);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150_000_000);
  });
});
