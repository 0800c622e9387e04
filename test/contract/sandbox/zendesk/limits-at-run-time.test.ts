/** Can an account's limits change, and be used by others, while calls come in? */
import { describe, expect, it } from "vitest";
import { openDesk } from "./desk-fixture.ts";

describe("the account's limit", () => {
  it("drops within the minute, and what was used before counts", async () => {
    const desk = await openDesk({ tickets: 1, limits: { requestsPerMinute: 10 } });
    try {
      for (let call = 1; call <= 5; call += 1) await desk.call("/tickets/1001");
      desk.zendesk.limits.requestsPerMinute = 4;
      const refused = await desk.call("/tickets/1001");
      expect(refused.status).toBe(429);
      expect(refused.headers.get("x-rate-limit")).toBe("4");
      desk.clock.advance(60_000);
      const next = await desk.call("/tickets/1001");
      expect(next.headers.get("x-rate-limit-remaining")).toBe("3");
    } finally {
      await desk.close();
    }
  });

  it("is shared with other integrations", async () => {
    const desk = await openDesk({ tickets: 1, limits: { requestsPerMinute: 10 } });
    try {
      expect(desk.zendesk.spendCalls(8)).toBe(8);
      expect((await desk.call("/tickets/1001")).headers.get("x-rate-limit-remaining")).toBe("1");
      expect(desk.zendesk.spendCalls(8)).toBe(1);
      expect((await desk.call("/tickets/1001")).status).toBe(429);
    } finally {
      await desk.close();
    }
  });

  it("of exports drops as well", async () => {
    const desk = await openDesk({ tickets: 1 });
    try {
      desk.zendesk.limits.incrementalExportsPerMinute = 1;
      const path = "/incremental/users?start_time=1";
      expect((await desk.call(path)).status).toBe(200);
      expect((await desk.call(path)).status).toBe(429);
    } finally {
      await desk.close();
    }
  });
});
