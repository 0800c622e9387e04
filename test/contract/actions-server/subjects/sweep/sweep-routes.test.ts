/** Who may ask for a sweep, and which requests are refused before anything is stored. */
import { describe, expect, it } from "vitest";
import { ROUTES } from "#contract/routes";
import type { SweepReport } from "#contract/routes/sweep";
import { startWorld } from "#test/support/world";

async function start() {
  const world = await startWorld({ tickets: 5 });
  const { url, token } = world.card.server;
  return async (method: string, path: string, body?: unknown, credential = token) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${credential}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
}

describe("asking for a sweep", () => {
  it("is refused with a time that is none, an unknown member, an unknown reason, and by strangers", async () => {
    const call = await start();
    for (const wanted of [
      { since: "yesterday" },
      { since: "2026-11-25" },
      { since: "2026-13-45T08:00:00Z" },
      { since: "2026-02-30T08:00:00Z" },
      { since: "9999-11-25T08:00:00Z" },
      { since: 1_764_057_600 },
      { dryrun: true },
      { reason: "boredom" },
    ]) {
      const { status, body } = await call("POST", ROUTES.sweeps.path, wanted);
      expect([wanted, status, body.error.code]).toEqual([wanted, 400, "BAD_REQUEST"]);
    }
    expect((await call("POST", ROUTES.sweeps.path, {}, "wrong")).status).toBe(401);
    expect((await call("GET", ROUTES.sweeps.path, undefined, "wrong")).status).toBe(401);
    const { body } = await call("GET", ROUTES.sweeps.path);
    expect(body).toEqual({ sweeps: [] });
    const unknown = await call("GET", ROUTES.sweep.path.replace(":id", "nothing"));
    expect([unknown.status, unknown.body.error.code]).toEqual([404, "NOT_FOUND"]);
  });

  it("is answered at once, listed, and found again by its id", async () => {
    const call = await start();
    const wanted = { since: "2026-11-25T08:00:00+01:00", dry_run: true };
    const { status, body } = await call("POST", ROUTES.sweeps.path, wanted);
    const report = body as SweepReport;
    expect(status).toBe(202);
    expect(report).toMatchObject({ since: "2026-11-25T07:00:00.000Z", dry_run: true });
    const listed = await call("GET", ROUTES.sweeps.path);
    expect(listed.body.sweeps).toMatchObject([{ id: report.id }]);
    const found = await call("GET", ROUTES.sweep.path.replace(":id", report.id));
    expect(found).toMatchObject({ status: 200, body: { id: report.id, reason: "demand" } });
  });
});
