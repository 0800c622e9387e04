/** Does the server know whether an account's flows reach it? Against the whole world: real flows, a real server. */
import { describe, expect, it } from "vitest";
import { ROUTES } from "#contract/routes";
import type { Health } from "#contract/routes/health";
import { hashSecret } from "#platform/http/callers";
import { fingerprintOf } from "#subjects/flow-watch/fingerprint";
import { SERVER_CONNECTION } from "#bundle/builders/server-action";
import { openTicket, renewedWebhooks, startWorld } from "#test/support/world";

async function setUp() {
  const world = await startWorld();
  const { url, token } = world.card.server;
  const call = (method: string, path: string, body?: unknown, credential = token) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${credential}`,
        "content-type": "application/json",
        "idempotency-key": "the-key-of-this-call",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const health = async () => {
    await world.deps.flowWatch.flush();
    return (await (await call("GET", ROUTES.health.path)).json()) as Health;
  };
  const check = async (name: string) =>
    (await health()).checks.find((one) => one.name === name) ?? expect.fail(name);
  return { world, call, health, check };
}

describe("the flows of an account", () => {
  it("are heard when an event of a ticket or a test event comes", async () => {
    const { world, call, health, check } = await setUp();
    world.zendesk.agents.setStatus(openTicket(world, "matched"), "solved");
    await world.zis.idle(120_000);
    expect(await check("flows")).toMatchObject({ state: "ok", cure: null });
    expect((await health()).flows?.last_event_at).not.toBeNull();

    const given = await renewedWebhooks(world);
    expect((await call("PUT", ROUTES["store-webhooks"].path, given)).status).toBe(204);
    expect((await call("POST", ROUTES["sync-settings"].path, {})).status).toBe(202);
    await world.zis.idle(120_000);
    const { flows } = await health();
    expect(flows?.last_test_event).toMatchObject({
      problem: null,
      outcome: "unchanged",
      failed: false,
    });
    expect(await check("test_event")).toMatchObject({ state: "ok" });
  });

  it("that are refused are counted for each credential, and no secret is kept", async () => {
    const { world, call, health, check } = await setUp();
    const body = { ticket_id: 1 };
    const [one, other] = ["wrong-token-number-one", "wrong-token-number-two"];
    for (const secret of [one, one, other]) {
      expect((await call("POST", "/v1/actions/resolve-case", body, secret)).status).toBe(401);
    }
    const refused = (await health()).flows?.refused ?? [];
    const byCalls = refused.toSorted((a, b) => a.calls - b.calls);
    expect(byCalls.map(({ kind, calls, was_ours }) => [kind, calls, was_ours])).toEqual([
      ["bearer", 1, false],
      ["bearer", 2, false],
    ]);
    expect(await check("refused_flows")).toMatchObject({ state: "warning" });
    const rows = await world.deps.db.selectFrom("refused_credentials").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain("wrong-token");

    // Flows that are accepted again: strangers may knock.
    expect(
      (await call("POST", "/v1/actions/resolve-case", { ticket_id: "1" })).status,
    ).toBeLessThan(500);
    expect(await check("refused_flows")).toMatchObject({ state: "ok", cure: null });
  });

  it("are found out by a test event when the connection holds a wrong token", async () => {
    const { world, call, health, check } = await setUp();
    const given = await renewedWebhooks(world);
    await call("PUT", ROUTES["store-webhooks"].path, given);
    const changed = await world.installer.callZendesk({
      method: "PATCH",
      path: `/api/services/zis/integrations/${world.card.integration}/connections/bearer_token/${SERVER_CONNECTION}`,
      as: "integration",
      body: {
        name: SERVER_CONNECTION,
        token: "a-token-that-nobody-knows",
        allowed_domain: "127.0.0.1",
      },
    });
    expect(changed.status).toBeLessThan(300);
    await call("POST", ROUTES["sync-settings"].path, {});
    await world.zis.idle(120_000);
    expect(await check("refused_flows")).toMatchObject({
      state: "failed",
      cure: expect.stringContaining("caseqa install --only connections"),
    });
    expect((await health()).flows?.last_test_event).toMatchObject({ arrived_at: null });
  });

  it("name the account whose token it once was", async () => {
    const { world, call, health } = await setUp();
    const old = "a-token-that-was-rotated-away";
    const { account } = (await (await call("GET", ROUTES.me.path)).json()) as { account: string };
    const row = {
      account_id: account,
      fingerprint: fingerprintOf(hashSecret(old)),
      seen_at: new Date(),
    };
    await world.deps.db.insertInto("known_credentials").values(row).execute();
    await call("POST", "/v1/actions/resolve-case", {}, old);
    expect((await health()).flows?.refused).toMatchObject([{ was_ours: true, calls: 1 }]);
  });
});
