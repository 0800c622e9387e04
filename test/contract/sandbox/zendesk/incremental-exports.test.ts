/** What do the incremental exports give, in which order, and how do their pages join? */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

interface ExportBody {
  readonly count: number;
  readonly end_time: number;
  readonly next_page: string;
  readonly end_of_stream: boolean;
  readonly tickets: readonly { id: number; generated_timestamp: number }[];
  readonly users: readonly { id: number; updated_at: string }[];
  readonly groups: readonly { id: number }[];
  readonly organizations: readonly { id: number }[];
  readonly ticket_events: readonly TicketEvent[];
}

interface TicketEvent {
  readonly ticket_id: number;
  readonly timestamp: number;
  readonly updater_id: number;
  readonly event_type: string;
  readonly child_events: readonly Record<string, unknown>[];
}

const NO_LIMIT = { incrementalExportsPerMinute: 1_000_000 };

async function read(desk: DeskFixture, path: string): Promise<ExportBody> {
  const { status, body } = await desk.call(path);
  expect(status).toBe(200);
  return body as unknown as ExportBody;
}

describe("exports by time", () => {
  let desk: DeskFixture;

  beforeAll(async () => {
    desk = await openDesk({ tickets: 60, limits: NO_LIMIT });
  });
  afterAll(() => desk.close());

  it.each([
    ["tickets", 60],
    ["ticket_events", undefined],
  ] as const)("give all %s, page after page, with the rows of a join twice", async (name, rows) => {
    const seen: number[] = [];
    let path = `/incremental/${name}.json?start_time=1&per_page=7`;
    for (;;) {
      const page = await read(desk, path);
      const ids = (page[name] as readonly { id: number }[]).map(({ id }) => id);
      expect(page.count).toBe(ids.length);
      seen.push(...ids);
      if (page.end_of_stream) break;
      expect(page.next_page).toContain(`start_time=${page.end_time}`);
      path = page.next_page;
    }
    if (rows !== undefined) expect(new Set(seen).size).toBe(rows);
    expect(seen.length).toBeGreaterThan(new Set(seen).size);
  });

  it("end a page with a second, however many rows it has", async () => {
    const page = await read(desk, "/incremental/organizations?start_time=1&per_page=2");
    expect(page.organizations).toHaveLength(desk.data.organizations.length);
    expect(page.end_of_stream).toBe(true);
  });

  it("begin with the second of the start", async () => {
    const all = await read(desk, "/incremental/tickets?start_time=1");
    const [, second] = all.tickets;
    const rest = await read(desk, `/incremental/tickets?start_time=${second!.generated_timestamp}`);
    expect(rest.tickets[0]!.id).toBe(second!.id);
    const after = await read(
      desk,
      `/incremental/tickets?start_time=${second!.generated_timestamp + 1}`,
    );
    expect(after.tickets[0]!.id).not.toBe(second!.id);
  });

  it("say that the end is reached, and where to go on", async () => {
    const all = await read(desk, "/incremental/tickets?start_time=1");
    expect(all).toMatchObject({ end_of_stream: true, count: 60 });
    const none = await read(desk, `/incremental/tickets?start_time=${all.end_time + 1}`);
    expect(none).toMatchObject({ tickets: [], count: 0, end_time: all.end_time + 1 });
  });

  it("bring groups, organizations and people along", async () => {
    const page = await read(
      desk,
      "/incremental/tickets?start_time=1&include=users,groups,organizations",
    );
    expect(page.users.length).toBeGreaterThan(0);
    expect(page.groups.length).toBeGreaterThan(0);
    expect(page.organizations.length).toBeGreaterThan(0);
  });

  it.each(["tickets", "users", "ticket_events", "organizations"])(
    "refuse %s of the last minute as Zendesk does",
    async (name) => {
      const start = Math.floor(desk.clock.now().getTime() / 1_000) - 30;
      const { status, body } = await desk.call(`/incremental/${name}?start_time=${start}`);
      expect(status).toBe(422);
      expect(body).toMatchObject({ error: "InvalidValue" });
    },
  );

  it("have samples of fifty rows, ten in twenty minutes", async () => {
    const path = "/incremental/tickets/sample?start_time=1";
    expect((await read(desk, path)).count).toBe(50);
    for (let call = 2; call <= 10; call += 1) await read(desk, path);
    expect((await desk.call(path)).status).toBe(429);
  });
});

describe("the export of ticket events", () => {
  it("tells of comments without their texts unless they are asked for", async () => {
    const desk = await openDesk({ tickets: 5 });
    try {
      const path = "/incremental/ticket_events?start_time=1";
      const bare = await read(desk, path);
      const [first] = bare.ticket_events;
      expect(first).toMatchObject({ event_type: "Audit", timestamp: expect.any(Number) });
      expect(first!.child_events[0]).toMatchObject({
        event_type: "Comment",
        comment_present: true,
        comment_public: true,
      });
      expect(first!.child_events[0]).not.toHaveProperty("body");
      const full = await read(desk, `${path}&include=comment_events`);
      const comments = full.ticket_events.flatMap(({ child_events }) => child_events);
      const said = desk.data.tickets.flatMap((ticket) => ticket.comments);
      expect(comments.map(({ body }) => String(body)).toSorted()).toEqual(
        said.map(({ body }) => body).toSorted(),
      );
    } finally {
      await desk.close();
    }
  });

  it("holds changes back for a minute, then gives them with what was before", async () => {
    const desk = await openDesk({ tickets: 20 });
    try {
      const { id } = desk.data.tickets.find(({ status }) => status === "open")!;
      const start = Math.floor(desk.clock.now().getTime() / 1_000) - 60;
      desk.zendesk.agents.setStatus(String(id), "solved");
      const path = `/incremental/ticket_events?start_time=${start}`;
      expect((await read(desk, path)).ticket_events).toEqual([]);
      desk.clock.advance(60_000);
      const [event] = (await read(desk, path)).ticket_events;
      expect(event).toMatchObject({ ticket_id: id });
      expect(event!.child_events).toContainEqual(
        expect.objectContaining({ event_type: "Change", status: "solved", previous_value: "open" }),
      );
    } finally {
      await desk.close();
    }
  });
});

describe("the export of people by cursor", () => {
  it("gives everybody in the order of their last change, and goes on from its end", async () => {
    const desk = await openDesk({ tickets: 60, limits: NO_LIMIT });
    try {
      const everybody = desk.data.agents.length + desk.data.endUsers.length;
      const first = await desk.call("/incremental/users/cursor?start_time=1&per_page=30");
      expect(first.body).toMatchObject({ before_cursor: null, end_of_stream: false });
      expect(first.body.users).toHaveLength(30);
      let last = first;
      let rows = first.body.users.length;
      while (!last.body.end_of_stream) {
        last = await desk.call(last.body.after_url);
        rows += last.body.users.length;
      }
      expect(rows).toBe(everybody);
      expect(last.body.after_cursor).toEqual(expect.any(String));
      await desk.call("/tickets", {
        method: "POST",
        body: {
          ticket: { comment: { body: "x" }, requester: { name: "Ada", email: "ada@new.example" } },
        },
      });
      const next = await desk.call(`/incremental/users/cursor?cursor=${last.body.after_cursor}`);
      expect(next.body.users).toMatchObject([{ email: "ada@new.example" }]);
    } finally {
      await desk.close();
    }
  });
});

describe("which tickets the exports leave out", () => {
  it("leaves tickets that only AI agents handled out unless they are asked for", async () => {
    const desk = await openDesk({ tickets: 5 });
    try {
      const [, other] = desk.data.tickets;
      desk.zendesk.automations.handleByAi(String(other!.id));
      desk.clock.advance(120_000);
      const count = async (scope: string) =>
        (await read(desk, `/incremental/tickets?start_time=1${scope}`)).count;
      expect(await count("")).toBe(4);
      expect(await count("&support_type_scope=agent")).toBe(4);
      expect(await count("&support_type_scope=ai_agent")).toBe(1);
      expect(await count("&support_type_scope=all")).toBe(5);
    } finally {
      await desk.close();
    }
  });
});
