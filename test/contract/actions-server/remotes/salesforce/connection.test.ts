/** Does jsforce over our transport end every call: authorised once, renewed once, in time? */
import { describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import { Secret } from "#platform/secret";
import { createMemoryTokenStore } from "#platform/tokens/store";
import { createOutbound, type Outbound, type OutboundOptions } from "#platform/outbound/send";
import { createSalesforceConnection } from "#remotes/salesforce/connection";
import {
  breaksOff,
  inTurn,
  json,
  stalls,
  startScriptedServer,
  staysSilent,
  text,
  type Answer,
  type ReceivedCall,
} from "../../scripted-server.ts";

const TOKEN = "/services/oauth2/token";
const QUERY = "/services/data/v67.0/query";
const expired = json(
  [{ message: "Session expired or invalid", errorCode: "INVALID_SESSION_ID" }],
  401,
);
const rows = (...records: unknown[]) => json({ totalSize: records.length, done: true, records });

/** An org whose sessions are s1, s2, ... and whose queries `api` answers. */
async function startOrg(
  api: (call: ReceivedCall) => Answer,
  tokens?: () => Answer,
  options: OutboundOptions = {},
  wrap = (outbound: Outbound) => outbound,
) {
  // Closed after the server, so that a call it never answered does not hold the test up.
  const outbound = createOutbound(options);
  onTestFinished(() => outbound.close());
  let given = 0;
  let nowMs = Date.parse("2026-11-25T08:00:00Z");
  const nextSession = () => {
    given += 1;
    return json({ access_token: `s${given}`, instance_url: org.origin, token_type: "Bearer" });
  };
  const org = await startScriptedServer((call) =>
    call.path === TOKEN ? (tokens ?? nextSession)() : api(call),
  );
  const connection = createSalesforceConnection({
    loginUrl: org.origin,
    clientId: "key",
    auth: { kind: "client-credentials", clientSecret: new Secret("secret") },
    apiVersion: "67.0",
    outbound: wrap(outbound),
    random: () => 0,
    now: () => new Date(nowMs),
    store: createMemoryTokenStore(),
  });
  const query = (soql = "SELECT Id FROM Case", budgetMs = 5_000) => {
    const deadline = createDeadline(budgetMs);
    onTestFinished(() => deadline.clear());
    return connection.query(soql, { deadline, requestId: "request-1" });
  };
  const later = (ms: number) => void (nowMs += ms);
  const count = (path: string) => org.paths().filter((called) => called === path).length;
  return { org, query, count, later };
}

describe("a query", () => {
  it("opens the session when first needed, once for all", async () => {
    const { org, query, count } = await startOrg(() => rows({ Id: "1" }));
    expect(org.calls).toHaveLength(0);

    await Promise.all(Array.from({ length: 10 }, () => query()));
    await query();

    expect(count(TOKEN)).toBe(1);
    expect(org.calls[0]).toMatchObject({
      method: "POST",
      body: "grant_type=client_credentials&client_id=key&client_secret=secret",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(count(QUERY)).toBe(11);
  });

  it("carries any text to Salesforce unharmed", async () => {
    const { org, query } = await startOrg(() => rows());
    const soql = "SELECT Id FROM Case WHERE Subject = 'a+b & ö 😀 100%'";
    await query(soql);
    expect(org.calls[1]?.path).toBe(`${QUERY}?q=${soql}`);
    expect(org.calls[1]?.headers.authorization).toBe("Bearer s1");
    expect(org.calls[1]?.headers["x-request-id"]).toBe("request-1");
  });
});

describe("an address on another host", () => {
  it.each(["absolute", "without a scheme", "with the org in front"])(
    "gets no session from a next page: %s",
    async (form) => {
      const thief = await startScriptedServer(() => rows(2));
      const { host } = new URL(thief.origin);
      const forms: Record<string, string> = {
        absolute: `${thief.origin}${QUERY}/0r8xx-1`,
        "without a scheme": `//${host}${QUERY}/0r8xx-1`,
        "with the org in front": `http://org@${host}${QUERY}/0r8xx-1`,
      };
      const { query } = await startOrg(({ path }) =>
        path.startsWith(`${QUERY}?`)
          ? json({ totalSize: 2, done: false, records: [1], nextRecordsUrl: forms[form] })
          : text("", 404),
      );
      await expect(query()).rejects.toMatchObject({ code: "SALESFORCE_UNAVAILABLE" });
      expect(thief.calls).toEqual([]);
    },
  );

  it("gets no session from a redirect", async () => {
    const thief = await startScriptedServer(() => rows(2));
    const { query } = await startOrg(() =>
      text("", 302, { location: `${thief.origin}${QUERY}/0r8xx-1` }),
    );
    await expect(query()).rejects.toMatchObject({ code: "SALESFORCE_UNAVAILABLE" });
    expect(thief.calls).toEqual([]);
  });

  it.each(["http://{host}", "https://{host}", "http://acme.my.salesforce.com"])(
    "is not taken for the org's: %s",
    async (address) => {
      const thief = await startScriptedServer(() => rows(1));
      const instance_url = address.replace("{host}", new URL(thief.origin).host);
      const { query } = await startOrg(
        () => rows(1),
        () => json({ access_token: "s1", instance_url }),
      );
      await expect(query()).rejects.toMatchObject({
        code: "SALESFORCE_UNAVAILABLE",
        message:
          "Salesforce answered POST /services/oauth2/token unreadably: instance_url is neither https on a domain of Salesforce nor SALESFORCE_LOGIN_URL",
      });
      expect(thief.calls).toEqual([]);
    },
  );
});

describe("an expired session", () => {
  it("is renewed once for all queries that meet its end", async () => {
    const { query, count } = await startOrg(({ headers }) =>
      headers.authorization === "Bearer s1" ? expired : rows("ok"),
    );
    expect(await Promise.all([query(), query(), query()])).toEqual([["ok"], ["ok"], ["ok"]]);
    expect(count(TOKEN)).toBe(2);
  });

  it("is not renewed without end when every query answers 401", async () => {
    const { query, count } = await startOrg(() => expired);
    await expect(query()).rejects.toMatchObject({
      code: "SALESFORCE_REFUSED",
      message: "Salesforce refuses a session that it just opened",
    });
    expect(count(TOKEN)).toBe(2);
    expect(count(QUERY)).toBe(2);
  });

  it.each(["another each time", "the same each time"])(
    "is opened anew once in half a minute while every query answers 401, and gets %s",
    async (which) => {
      const tokens = () =>
        json({ access_token: "s", instance_url: org.origin, token_type: "Bearer" });
      const { org, query, count, later } = await startOrg(
        () => expired,
        which === "the same each time" ? tokens : undefined,
      );
      const storm = async () => {
        for (let call = 0; call < 20; call += 1) {
          await expect(query()).rejects.toMatchObject({ code: "SALESFORCE_REFUSED" });
        }
      };
      await storm();
      expect(count(TOKEN)).toBe(2);
      later(30_000);
      await storm();
      expect(count(TOKEN)).toBe(3);
    },
  );

  it("keeps the reason when the renewal fails", async () => {
    const tokens = inTurn(
      (response) => json({ access_token: "s1", instance_url: origin })(response),
      text("", 503),
    );
    const { org, query } = await startOrg(() => expired, tokens);
    const { origin } = org;
    await expect(query()).rejects.toMatchObject({
      code: "SALESFORCE_UNAVAILABLE",
      message: "Salesforce answered 503",
    });
  });

  it("is retried at the new address by the next query after the org moved", async () => {
    const other = await startScriptedServer(() => rows("moved"));
    const address = "https://acme--moved.my.salesforce.com";
    const tokens = inTurn(
      (response) => json({ access_token: "s1", instance_url: org.origin })(response),
      json({ access_token: "s2", instance_url: address }),
    );
    // Stands for the name service.
    const towards = (outbound: Outbound): Outbound => ({
      close: () => outbound.close(),
      send: (outgoing, deadline) =>
        outbound.send({ ...outgoing, url: outgoing.url.replace(address, other.origin) }, deadline),
    });
    const { org, query } = await startOrg(() => expired, tokens, {}, towards);
    await expect(query()).rejects.toMatchObject({
      code: "SALESFORCE_UNAVAILABLE",
      message: "Salesforce moved the org to another address",
    });
    expect(await query()).toEqual(["moved"]);
  });
});

describe("a fault on the way", () => {
  it.each([
    ["503", text("<html>busy</html>", 503, { "content-type": "text/html;charset=UTF-8" })],
    ["500", json([{ message: "oops", errorCode: "UNKNOWN_EXCEPTION" }], 500)],
    ["420", text("", 420)],
    ["a body that breaks off", breaksOff],
  ])("is met with another attempt after %s", async (_what, fault) => {
    const { query, count } = await startOrg(inTurn(fault, rows("ok")));
    expect(await query()).toEqual(["ok"]);
    expect(count(QUERY)).toBe(2);
  });

  it("leaves time for another attempt when a body stalls", async () => {
    const { query } = await startOrg(inTurn(stalls, rows("ok")), undefined, { bodyTimeoutMs: 300 });
    expect(await query()).toEqual(["ok"]);
  });

  it.each([
    ["stays down", text("<html>busy</html>", 503, { "content-type": "text/html" })],
    ["always breaks off", breaksOff],
    ["always stalls", stalls],
    ["stays silent", staysSilent],
  ])("ends within the deadline when Salesforce %s", async (_what, fault) => {
    const { query } = await startOrg(() => fault);
    const started = performance.now();
    const error = await query("SELECT Id FROM Case", 600).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "SALESFORCE_UNAVAILABLE" });
    expect((error as Error).message).not.toContain("<");
    // Without a deadline it would never end; a busy machine gets some time more.
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

describe("a session that cannot be opened", () => {
  it("is asked for once in ten seconds while Salesforce refuses it for good", async () => {
    const refused = json({ error: "invalid_client", error_description: "no" }, 400);
    const { query, count, later } = await startOrg(
      () => rows(),
      () => refused,
    );
    const storm = async () => {
      const errors = Array.from({ length: 5 }, () => query().catch((error: unknown) => error));
      for (const error of await Promise.all(errors)) {
        expect(error).toMatchObject({ message: "Salesforce answered 400 (invalid_client: no)" });
      }
    };
    await storm();
    await storm();
    expect(count(TOKEN)).toBe(1);
    later(10_000);
    await storm();
    expect(count(TOKEN)).toBe(2);
  });

  it("says so when the token endpoint stays silent", async () => {
    const { query } = await startOrg(
      () => rows(),
      () => staysSilent,
    );
    await expect(query("SELECT Id FROM Case", 500)).rejects.toMatchObject({
      code: "SALESFORCE_UNAVAILABLE",
      message: "Salesforce is still answering: POST /services/oauth2/token",
    });
  });
});
