/** What do exports tell of the metrics of tickets: the events of their clocks, and the sets that come with rows? */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient, send, type DeskClient } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

const MINUTE_MS = 60_000;

interface MetricEvent {
  readonly id: number;
  readonly ticket_id: number;
  readonly metric: string;
  readonly instance_id: number;
  readonly type: string;
  readonly time: string;
  readonly status?: { readonly calendar: number };
}

interface ExportBody {
  readonly ticket_metric_events: readonly MetricEvent[];
  readonly end_time: number;
  readonly end_of_stream: boolean;
  readonly next_page: string;
}

interface ExportedTickets {
  readonly tickets: readonly { readonly id: number; readonly metric_set?: object | null }[];
}

describe("metrics in exports", () => {
  let desk: DeskFixture;
  let client: DeskClient;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 12, limits: { incrementalExportsPerMinute: 1_000 } });
    client = openClient(desk);
  });
  afterEach(() => desk.close());

  const read = async (path: string): Promise<ExportBody> => {
    const { status, body } = await desk.call(path);
    expect(status).toBe(200);
    return body as unknown as ExportBody;
  };
  const tickets = async (path: string) =>
    ((await desk.call(path)).body as unknown as ExportedTickets).tickets;

  async function all(perPage = 1_000): Promise<MetricEvent[]> {
    const found = new Map<number, MetricEvent>();
    let path = `/incremental/ticket_metric_events?start_time=1&per_page=${perPage}`;
    for (;;) {
      const page = await read(path);
      for (const event of page.ticket_metric_events) found.set(event.id, event);
      if (page.end_of_stream) return [...found.values()];
      expect(page.next_page).toContain(`start_time=${page.end_time}`);
      path = page.next_page;
    }
  }

  async function madeTicket(): Promise<number> {
    const customer = desk.data.endUsers[0]!.id;
    const { result } = await client.tickets.create({
      ticket: {
        subject: "Late",
        requester_id: customer,
        comment: { body: "Where?", author_id: customer },
      },
    });
    return result.id;
  }

  async function update(id: number, minutes: number, change: object): Promise<void> {
    desk.clock.advance(minutes * MINUTE_MS);
    await client.tickets.update(id, { ticket: change });
  }

  it("tell when the clocks of a ticket began, paused and ended", async () => {
    const id = await madeTicket();
    await update(id, 5, { assignee_id: desk.data.agents[2]!.id });
    await update(id, 10, { comment: { body: "On its way", public: true }, status: "pending" });
    await update(id, 20, { status: "hold" });
    await update(id, 10, { status: "solved" });
    await update(id, 30, {
      status: "open",
      comment: { body: "No", public: true, author_id: desk.data.endUsers[0]!.id },
    });
    const events = (await all()).filter(({ ticket_id }) => ticket_id === id);
    const told = events.map(({ time, metric, instance_id, type, status }) =>
      [time.slice(11, 16), metric, instance_id, type, status?.calendar].join(" ").trim(),
    );
    expect(told).toEqual([
      "10:00 agent_work_time 0 measure",
      "10:00 agent_work_time 1 activate",
      "10:00 requester_wait_time 0 measure",
      "10:00 requester_wait_time 1 activate",
      "10:00 reply_time 0 measure",
      "10:00 reply_time 1 activate",
      "10:15 reply_time 1 fulfill",
      "10:15 reply_time 1 update_status 15",
      "10:15 agent_work_time 1 pause",
      "10:15 requester_wait_time 1 pause",
      "10:35 requester_wait_time 1 activate",
      "10:45 agent_work_time 1 fulfill",
      "10:45 agent_work_time 1 update_status 15",
      "10:45 requester_wait_time 1 fulfill",
      "10:45 requester_wait_time 1 update_status 25",
      "11:15 reply_time 2 activate",
      "11:15 agent_work_time 2 activate",
      "11:15 requester_wait_time 2 activate",
    ]);
    const { result: metrics } = await client.ticketmetrics.list(id);
    expect(metrics).toMatchObject({ reply_time_in_minutes: { calendar: 15 } });
  });

  it("come in order, each under an exact id of its own, however small the pages are", async () => {
    const once = await all();
    const paged = await all(7);
    expect(paged).toEqual(once);
    expect(new Set(once.map(({ id }) => id)).size).toBe(once.length);
    expect(once.every(({ id }) => Number.isSafeInteger(id))).toBe(true);
    const times = once.map(({ time }) => time);
    expect(times).toEqual(times.toSorted());
    for (const { id, status } of desk.data.tickets) {
      const own = once.filter(({ ticket_id, metric }) => {
        return ticket_id === id && metric === "requester_wait_time";
      });
      const isSolved = status === "solved" || status === "closed";
      expect(own.some(({ type }) => type === "fulfill")).toBe(isSolved);
    }
  });

  it("are for administrators, count as exports, and lose what is erased", async () => {
    const path = "/incremental/ticket_metric_events?start_time=1";
    const agent = { headers: desk.bearer(["read"], 3) };
    expect((await desk.call(path, agent)).status).toBe(403);
    const { id } = desk.data.tickets.find(({ status }) => status !== "closed")!;
    const ofTicket = async () => (await all()).filter(({ ticket_id }) => ticket_id === id).length;
    const before = await ofTicket();
    expect(before).toBeGreaterThan(0);
    await send(desk, "DELETE", `/tickets/${id}`);
    expect(await ofTicket()).toBe(before);
    await send(desk, "DELETE", `/deleted_tickets/${id}`);
    expect(await ofTicket()).toBe(0);
    desk.zendesk.limits.incrementalExportsPerMinute = 1;
    expect((await desk.call(path)).status).toBe(429);
  });

  it.each(["/incremental/tickets", "/incremental/tickets/cursor"])(
    "bring the metrics of each ticket along in %s when they are asked for",
    async (path) => {
      const [first] = desk.data.tickets;
      await send(desk, "DELETE", `/tickets/${first!.id}`);
      desk.clock.advance(2 * MINUTE_MS);
      const rows = await tickets(`${path}?start_time=1&include=users,metric_sets`);
      expect(rows).toHaveLength(12);
      for (const { id, metric_set } of rows) {
        if (id === first!.id) expect(metric_set).toBeNull();
        else {
          const shown = (await client.ticketmetrics.list(id)).result;
          expect(metric_set).toEqual(shown);
        }
      }
      const [bare] = await tickets(`${path}?start_time=1&include=users`);
      expect(bare).not.toHaveProperty("metric_set");
    },
  );
});
