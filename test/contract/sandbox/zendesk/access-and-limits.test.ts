import { beforeEach, describe, expect, it } from "vitest";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("access to the Support API", () => {
  let desk: DeskFixture;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 5 });
    return () => desk.close();
  });

  const INVALID_TOKEN = {
    error: "invalid_token",
    error_description:
      "The access token provided is expired, revoked, malformed or invalid for other reasons.",
  };

  it.each([
    ["no credential", {}, { error: "Couldn't authenticate you" }],
    ["a wrong password", { authorization: "Basic eDp5" }, { error: "Couldn't authenticate you" }],
    ["an unknown bearer", { authorization: "Bearer nope" }, INVALID_TOKEN],
  ])("answers 401 to %s", async (_, headers, expected) => {
    const { status, body } = await desk.call("/tickets/count", { headers });
    expect(status).toBe(401);
    expect(body).toEqual(expected);
  });

  it.each([
    [["read"], "GET", "/tickets/1001", 200],
    [["tickets:read"], "GET", "/tickets/1001", 200],
    [["users:read"], "GET", "/tickets/1001", 403],
    [["tickets:read"], "GET", "/users/search?query=x", 403],
    [["write"], "GET", "/tickets/1001", 403],
    [["read"], "POST", "/tickets", 403],
    [["tickets:write"], "POST", "/tickets", 201],
    [["tickets:read", "auditlogs:read"], "GET", "/tickets/1001/audits", 403],
    [["made_up"], "GET", "/groups", 403],
  ] as const)("lets scopes %j %s %s: %d", async (scopes, method, path, expected) => {
    const body = method === "POST" ? { body: { ticket: { comment: { body: "x" } } } } : {};
    const answer = await desk.call(path, { method, headers: desk.bearer(scopes), ...body });
    expect(answer.status).toBe(expected);
    if (expected !== 403) return;
    expect(answer.body).toEqual({
      error: "Forbidden",
      description: `You are missing the following required scopes: ${method === "GET" ? "read" : "write"}`,
    });
  });

  it("takes a stranger on /users/me for the anonymous user, with 200", async () => {
    const { status, body } = await desk.call("/users/me.json", { headers: {} });
    expect(status).toBe(200);
    expect(body.user).toMatchObject({ id: null, name: "Anonymous user" });
  });

  it("refuses a wrong API token even on /users/me", async () => {
    const authorization = `Basic ${Buffer.from(`${desk.adminEmail}/token:wrong`).toString("base64")}`;
    expect((await desk.call("/users/me", { headers: { authorization } })).status).toBe(401);
  });

  it("exports only to administrators", async () => {
    const headers = desk.bearer(["read"], 5);
    const { status, body } = await desk.call("/incremental/tickets/cursor?start_time=1", {
      headers,
    });
    expect(status).toBe(403);
    expect(body.error).toMatchObject({ title: "Forbidden" });
  });
});

describe("rate limits", () => {
  it("counts down the account's minute and then answers plain text until it is over", async () => {
    const desk = await openDesk({ tickets: 5, limits: { requestsPerMinute: 3 } });
    try {
      const first = await desk.call("/tickets/1001");
      expect(first.headers.get("x-rate-limit")).toBe("3");
      expect(first.headers.get("x-rate-limit-remaining")).toBe("2");
      expect(first.headers.get("ratelimit-reset")).toBe("55");
      await desk.call("/tickets/4711");
      await desk.call("/users/me");

      const refused = await desk.call("/tickets/1001");
      expect(refused.status).toBe(429);
      expect(refused.body).toBe("Number of allowed API requests per minute exceeded");
      expect(refused.headers.get("content-type")).toContain("text/plain");
      expect(refused.headers.get("retry-after")).toBe("55");
      expect(refused.headers.get("ratelimit-remaining")).toBe("0");

      desk.clock.advance(55_000);
      expect((await desk.call("/tickets/1001")).status).toBe(200);
    } finally {
      await desk.close();
    }
  });

  it("has 2,500 requests a minute when nothing else is said", async () => {
    const desk = await openDesk({ tickets: 1 });
    try {
      expect((await desk.call("/tickets/1001")).headers.get("ratelimit-limit")).toBe("2500");
    } finally {
      await desk.close();
    }
  });

  it("meets the eleventh export of a minute with a JSON 429", async () => {
    const desk = await openDesk({ tickets: 1 });
    try {
      const path = "/incremental/tickets/cursor?start_time=1";
      const first = await desk.call(path);
      expect(first.headers.get("zendesk-ratelimit-incremental-exports")).toBe(
        "total=10; remaining=9; resets=55",
      );
      for (let call = 2; call <= 10; call += 1) await desk.call(path);
      const refused = await desk.call(path);
      expect(refused.status).toBe(429);
      expect(refused.headers.get("retry-after")).toBe("55");
      expect(refused.body).toEqual({
        error: "APIRateLimitExceeded",
        description: "Number of allowed incremental export API requests per minute exceeded",
      });
    } finally {
      await desk.close();
    }
  });

  it("lets one person update one ticket thirty times in ten minutes", async () => {
    const desk = await openDesk({ tickets: 30 });
    try {
      const [one, two] = desk.data.tickets.filter(({ status }) => status === "open");
      const update = (id: number, n: number, headers = desk.bearer(["write"])) =>
        desk.call(`/tickets/${id}`, {
          method: "PUT",
          headers,
          body: { ticket: { subject: `${n}` } },
        });
      for (let n = 1; n <= 30; n += 1) expect((await update(one!.id, n)).status).toBe(200);
      const refused = await update(one!.id, 31);
      expect(refused.status).toBe(429);
      expect(refused.headers.get("retry-after")).toBe("595");
      expect((await update(two!.id, 1)).status).toBe(200);
      expect((await update(one!.id, 32, desk.bearer(["write"], 3))).status).toBe(200);
    } finally {
      await desk.close();
    }
  });

  it("caps the account's updates of a minute", async () => {
    const desk = await openDesk({ tickets: 30, limits: { ticketUpdatesPerMinute: 2 } });
    try {
      const ids = desk.data.tickets.filter(({ status }) => status === "open").map(({ id }) => id);
      const update = (id: number) =>
        desk.call(`/tickets/${id}`, { method: "PUT", body: { ticket: { subject: "new" } } });
      const first = await update(ids[0]!);
      expect(first.headers.get("zendesk-ratelimit-tickets-update")).toBe(
        "total=2; remaining=1; resets=55",
      );
      await update(ids[1]!);
      expect((await update(ids[2]!)).status).toBe(429);
      expect((await desk.call(`/tickets/${ids[2]}`)).status).toBe(200);
    } finally {
      await desk.close();
    }
  });
});

describe("faults on order", () => {
  it("answers what was ordered, as often as ordered, before any limit counts", async () => {
    const desk = await openDesk({ tickets: 5, limits: { requestsPerMinute: 1 } });
    try {
      desk.faults.add({
        path: "/api/v2/tickets/*/comments*",
        times: 1,
        status: 503,
        headers: { "retry-after": "7" },
      });
      const first = await desk.call("/tickets/1001/comments.json");
      expect([first.status, first.headers.get("retry-after")]).toEqual([503, "7"]);
      expect((await desk.call("/tickets/1001/comments.json")).status).toBe(200);
    } finally {
      await desk.close();
    }
  });
});

describe("the incremental export", () => {
  it("holds back the last minute, and its cursor goes on where the stream ended", async () => {
    const desk = await openDesk({ tickets: 30 });
    try {
      const all = await desk.call("/incremental/tickets/cursor.json?start_time=1&per_page=20");
      expect(all.body.tickets).toHaveLength(20);
      expect(all.body.end_of_stream).toBe(false);
      const rest = await desk.call(all.body.after_url);
      expect(rest.body.tickets).toHaveLength(10);
      expect(rest.body.end_of_stream).toBe(true);

      const open = desk.data.tickets.find(({ status }) => status === "open")!;
      desk.zendesk.agents.setStatus(String(open.id), "solved");
      const next = `/incremental/tickets/cursor?cursor=${rest.body.after_cursor}`;
      const early = await desk.call(next);
      expect(early.body).toMatchObject({ tickets: [], after_cursor: rest.body.after_cursor });
      desk.clock.advance(70_000);
      const later = await desk.call(next);
      expect(later.body.tickets).toMatchObject([{ id: open.id, status: "solved" }]);
    } finally {
      await desk.close();
    }
  });

  it("ends without a cursor when it is set to, and cannot build pages that a fault names", async () => {
    const desk = await openDesk({ tickets: 3, lastExportCursor: "null" });
    try {
      const path = "/incremental/tickets/cursor?start_time=1";
      desk.faults.add({ path: "*/incremental/*", query: "*per_page=2*", status: 504 });
      expect((await desk.call(`${path}&per_page=2`)).status).toBe(504);
      const first = await desk.call(`${path}&per_page=1`);
      expect(first.body).toMatchObject({ end_of_stream: false, after_cursor: expect.any(String) });
      expect((await desk.call(path)).body).toMatchObject({
        end_of_stream: true,
        after_cursor: null,
      });
    } finally {
      await desk.close();
    }
  });

  it("goes by a clock of its own, which alone moves with what automations change", async () => {
    const desk = await openDesk({ tickets: 30 });
    try {
      const { id, updated_at } = desk.data.tickets.find(({ status }) => status === "pending")!;
      const end = await desk.call("/incremental/tickets/cursor.json?start_time=1");
      desk.zendesk.automations.change(String(id), { status: "solved" });
      desk.clock.advance(70_000);
      const later = await desk.call(`/incremental/tickets/cursor?cursor=${end.body.after_cursor}`);
      expect(later.body.tickets).toMatchObject([
        { id, status: "solved", updated_at, generated_timestamp: expect.any(Number) },
      ]);
      expect(desk.updates).toEqual([]);
      desk.zendesk.automations.change(String(id), {});
      desk.clock.advance(70_000);
      const again = `/incremental/tickets/cursor?cursor=${later.body.after_cursor}`;
      expect((await desk.call(again)).body.tickets).toMatchObject([{ id, updated_at }]);
    } finally {
      await desk.close();
    }
  });

  it.each([
    ["start_time=", 400],
    ["start_time=soon", 400],
    ["cursor=bad", 400],
    ["start_time=1772445600", 422],
    ["start_time=1&per_page=0", 400],
  ])("refuses %s with %d", async (query, status) => {
    const desk = await openDesk({ tickets: 1 });
    try {
      expect((await desk.call(`/incremental/tickets/cursor?${query}`)).status).toBe(status);
    } finally {
      await desk.close();
    }
  });
});
