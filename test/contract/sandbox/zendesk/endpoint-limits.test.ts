/** Which limits do the edge, lists of tickets, their deep pages and audits have of their own? */
import { afterEach, expect, it } from "vitest";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

let desk: DeskFixture;
afterEach(() => desk.close());

it("lets the edge refuse a burst before the account counts it, and forget it a second later", async () => {
  desk = await openDesk({ tickets: 1, limits: { callsPerBurst: 3 } });
  for (let call = 1; call <= 3; call += 1) {
    expect((await desk.call("/tickets/1001")).status).toBe(200);
  }
  const refused = await desk.call("/tickets/1001", { headers: {} });
  expect(refused.status).toBe(429);
  expect(refused.headers.get("content-type")).toContain("json");
  expect(refused.body).toEqual({
    detail: "Rate limited by Zendesk edge protection",
    status: "429",
    title: "Automated response",
  });
  expect(refused.headers.get("x-rate-limit")).toBeNull();
  expect(refused.headers.get("retry-after")).toBeNull();
  desk.clock.advance(1_000);
  const next = await desk.call("/tickets/1001");
  expect(next.status).toBe(200);
  expect(next.headers.get("x-rate-limit-remaining")).toBe("2496");
});

it("has no edge unless it is switched on, which may happen while it runs", async () => {
  desk = await openDesk({ tickets: 1 });
  for (let call = 1; call <= 30; call += 1) await desk.call("/tickets/1001");
  expect((await desk.call("/tickets/1001")).status).toBe(200);
  desk.zendesk.limits.callsPerBurst = 5;
  expect((await desk.call("/tickets/1001")).status).toBe(429);
});

it.each([
  ["/tickets", "tickets-index", "ticketListsPerMinute"],
  ["/tickets?page[size]=10", "tickets-index", "ticketListsPerMinute"],
  ["/tickets/1001/audits", "ticket-audits-index", "auditsPerMinute"],
] as const)("counts %s as %s", async (path, name, limit) => {
  desk = await openDesk({ tickets: 5, limits: { [limit]: 2 } });
  const first = await desk.call(path);
  expect(first.headers.get(`zendesk-ratelimit-${name}`)).toBe("total=2; remaining=1; resets=55");
  expect((await desk.call(path)).status).toBe(200);
  const refused = await desk.call(path);
  expect(refused.status).toBe(429);
  expect(refused.body).toMatchObject({ error: "APIRateLimitExceeded" });
  expect(refused.headers.get(`zendesk-ratelimit-${name}`)).toBe("total=2; remaining=0; resets=55");
  expect(refused.headers.get("retry-after")).toBe("55");
  expect(refused.headers.get("x-rate-limit-remaining")).toBe("2497");
  expect((await desk.call("/tickets/1001")).status).toBe(200);
  desk.clock.advance(60_000);
  expect((await desk.call(path)).status).toBe(200);
});

it("counts deep pages besides, although offsets end before them", async () => {
  desk = await openDesk({ tickets: 5, limits: { deepTicketListsPerMinute: 1 } });
  const deep = await desk.call("/tickets?page=501");
  expect(deep.status).toBe(400);
  expect(deep.body.errors).toMatchObject([{ code: "InvalidPaginationDepth" }]);
  expect(deep.headers.get("zendesk-ratelimit-tickets-index-deep-pagination")).toBe(
    "total=1; remaining=0; resets=55",
  );
  expect((await desk.call("/tickets?page=501")).status).toBe(429);
  const shallow = await desk.call("/tickets?page=500");
  expect(shallow.status).toBe(400);
  expect(shallow.headers.get("zendesk-ratelimit-tickets-index-deep-pagination")).toBeNull();
});
