/** What does the search find, how late, and where does it stop? */
import { describe, expect, it } from "vitest";
import { buildLargeAccount } from "#sandbox/data/history/large-account";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

interface Found {
  readonly count: number;
  readonly results: readonly { id: number; created_at: string; result_type: string }[];
  readonly users: readonly object[];
  readonly next_page: string | null;
  readonly meta: { readonly has_more: boolean; readonly after_cursor: string };
  readonly links: { readonly next: string };
}

async function search(desk: DeskFixture, path: string): Promise<Found> {
  const { status, body } = await desk.call(path);
  expect(status).toBe(200);
  return body as unknown as Found;
}

const q = (text: string) => `query=${encodeURIComponent(text)}`;

describe("the search index", () => {
  it("is two minutes behind, unless it is set otherwise", async () => {
    const desk = await openDesk({ tickets: 5 });
    try {
      const created = await desk.call("/tickets", {
        method: "POST",
        body: { ticket: { subject: "Zanzibar", comment: { body: "x" } } },
      });
      const path = `/search?${q("type:ticket zanzibar")}`;
      expect((await search(desk, path)).count).toBe(0);
      desk.clock.advance(119_000);
      expect((await search(desk, path)).count).toBe(0);
      desk.clock.advance(1_000);
      expect((await search(desk, path)).results).toMatchObject([{ id: created.body.ticket.id }]);

      desk.zendesk.switches.searchDelaySeconds = 0;
      const { id } = created.body.ticket;
      await desk.call(`/tickets/${id}`, { method: "PUT", body: { ticket: { subject: "Malta" } } });
      expect((await search(desk, path)).count).toBe(0);
      expect((await search(desk, `/search/count?${q("malta")}`)).count).toBe(1);
    } finally {
      await desk.close();
    }
  });

  it("never learns of a change that makes no event, until the next that makes one", async () => {
    const desk = await openDesk({ tickets: 20 });
    try {
      const { id } = desk.data.tickets.find(({ status }) => status === "open")!;
      const isTagged = async () =>
        (await search(desk, `/search/count?${q("tags:silent")}`)).count === 1;
      desk.zendesk.automations.change(String(id), { tags: ["silent"] });
      desk.clock.advance(600_000);
      expect(await isTagged()).toBe(false);
      desk.zendesk.agents.setStatus(String(id), "pending");
      desk.clock.advance(600_000);
      expect(await isTagged()).toBe(true);
    } finally {
      await desk.close();
    }
  });

  it("forgets deleted tickets late too", async () => {
    const desk = await openDesk({ tickets: 5 });
    try {
      const before = (await search(desk, `/search/count?${q("type:ticket")}`)).count;
      await desk.call("/tickets/1001", { method: "DELETE" });
      expect((await search(desk, `/search/count?${q("type:ticket")}`)).count).toBe(before);
      desk.clock.advance(120_000);
      expect((await search(desk, `/search/count?${q("type:ticket")}`)).count).toBe(before - 1);
    } finally {
      await desk.close();
    }
  });
});

describe("a search of an account of a million tickets", () => {
  const open = () =>
    openDesk({
      data: buildLargeAccount({
        seed: 5,
        tickets: 1_000_000,
        from: new Date("2023-01-01T00:00:00Z"),
        until: new Date("2026-03-02T00:00:00Z"),
      }),
    });

  it("counts what was made in a time without looking at each, and gives a thousand at most", async () => {
    const desk = await open();
    try {
      const day = "type:ticket created>=2025-05-01 created<2025-05-03";
      const { count } = await search(desk, `/search/count?${q(day)}`);
      expect(count).toBeGreaterThan(1_500);
      expect(count).toBeLessThan(2_000);
      const all = await search(desk, `/search/count?${q("type:ticket")}`);
      expect(all.count).toBe(1_000_000);

      const last = await search(desk, `/search?${q(day)}&page=10&per_page=100`);
      expect(last.results).toHaveLength(100);
      expect(last.count).toBe(count);
      expect(last.next_page).toContain("page=11");
      const refused = await desk.call(last.next_page!);
      expect(refused.status).toBe(422);
      expect(refused.body).toEqual({
        error: "invalid",
        description:
          "Invalid search: Requested response size was greater than Search Response Limits",
      });
    } finally {
      await desk.close();
    }
  });

  it("exports more than a thousand by cursor, each once, in the order of their making", async () => {
    const desk = await open();
    try {
      const day = q("created>=2025-05-01 created<2025-05-03");
      const { count } = await search(desk, `/search/count?${day}`);
      let path = `/search/export?${day}&filter[type]=ticket&page[size]=500`;
      const rows: { id: number; created_at: string }[] = [];
      for (;;) {
        const page = await search(desk, path);
        expect(page).not.toHaveProperty("count");
        rows.push(...page.results);
        if (!page.meta.has_more) break;
        path = page.links.next;
      }
      expect(new Set(rows.map(({ id }) => id)).size).toBe(count);
      expect(rows).toHaveLength(count);
      const times = rows.map((row) => row.created_at);
      expect(times.every((time, at) => at === 0 || times[at - 1]! <= time)).toBe(true);
    } finally {
      await desk.close();
    }
  });
});

describe("what a search refuses", () => {
  it.each([
    ["/search?query=type:ticket&page[size]=10", 400],
    ["/search?query=", 422],
    ["/search/export?query=created>2020-01-01", 422],
    ["/search/export?query=type:ticket&filter[type]=ticket", 422],
    ["/search/export?query=created>2020-01-01&filter[type]=ticket&page[after]=x", 400],
  ])("refuses %s with %d", async (path, status) => {
    const desk = await openDesk({ tickets: 1 });
    try {
      expect((await desk.call(path)).status).toBe(status);
    } finally {
      await desk.close();
    }
  });

  it("refuses an export's cursor after an hour", async () => {
    const desk = await openDesk({ tickets: 10 });
    try {
      const first = await search(
        desk,
        `/search/export?${q("created>2020-01-01")}&filter[type]=ticket&page[size]=4`,
      );
      desk.clock.advance(3_600_000);
      const second = await search(desk, first.links.next);
      expect(second.results).toHaveLength(4);
      desk.clock.advance(3_600_001);
      expect((await desk.call(second.links.next)).status).toBe(400);
    } finally {
      await desk.close();
    }
  });

  it("has a hundred exports in a minute", async () => {
    const desk = await openDesk({ tickets: 1 });
    try {
      const path = `/search/export?${q("created>2020-01-01")}&filter[type]=ticket`;
      const first = await desk.call(path);
      expect(first.headers.get("zendesk-ratelimit-search-export")).toContain("total=100");
      for (let call = 2; call <= 100; call += 1) await desk.call(path);
      expect((await desk.call(path)).status).toBe(429);
    } finally {
      await desk.close();
    }
  });

  it("brings people along when the type is named around them", async () => {
    const desk = await openDesk({ tickets: 5 });
    try {
      const found = await search(desk, `/search?${q("type:ticket")}&include=tickets(users)`);
      expect(found.users.length).toBeGreaterThan(0);
    } finally {
      await desk.close();
    }
  });
});
