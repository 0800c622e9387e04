/** Is a token fetched once, renewed in time, and never in a loop? */
import { describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import { Secret } from "#platform/secret";
import { createOutbound } from "#platform/outbound/send";
import { createMemoryTokenStore } from "#platform/tokens/store";
import { createZendeskClient } from "#remotes/zendesk/client";
import { oauthCredentials } from "#remotes/zendesk/credentials";
import {
  inTurn,
  json,
  startScriptedServer,
  staysSilent,
  text,
  type Answer,
  type ReceivedCall,
} from "../../scripted-server.ts";

const TOKENS = "/oauth/tokens";
const SCOPE = "tickets:read tickets:write users:read";
const expired = json({ error: "invalid_token", error_description: "expired" }, 401);
const me = json({ ok: true });

/** Zendesk that gives out the tokens t1, t2, ... and answers calls by `api`. */
async function startAccount(
  api: (call: ReceivedCall) => Answer,
  tokens: () => Answer = numberedTokens(),
) {
  // Closed after the server, so that a call it never answered does not hold the test up.
  const outbound = createOutbound();
  onTestFinished(() => outbound.close());
  const zendesk = await startScriptedServer((call) =>
    call.path === TOKENS ? tokens() : api(call),
  );
  const clock = { ms: 1_000_000 };
  const client = createZendeskClient({
    origin: zendesk.origin,
    credentials: oauthCredentials({
      origin: zendesk.origin,
      clientId: "caseqa",
      clientSecret: new Secret("secret"),
      outbound,
      now: () => new Date(clock.ms),
      random: () => 0,
      store: createMemoryTokenStore(),
    }),
    outbound,
    random: () => 0,
  });
  const get = (budgetMs = 3_000) => {
    const deadline = createDeadline(budgetMs);
    onTestFinished(() => deadline.clear());
    return client.get("/api/v2/x.json", {}, { deadline, requestId: "r" });
  };
  const count = (path: string) => zendesk.paths().filter((called) => called === path).length;
  return { zendesk, clock, get, count };
}

function numberedTokens(): () => Answer {
  let given = 0;
  return () => {
    given += 1;
    return json(
      { access_token: `t${given}`, token_type: "bearer", scope: SCOPE, expires_in: 1_800 },
      201,
    );
  };
}

async function eventually(condition: () => boolean): Promise<void> {
  const until = performance.now() + 3_000;
  while (!condition() && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(condition()).toBe(true);
}

const bearers = (calls: readonly ReceivedCall[]) =>
  calls.filter(({ path }) => path !== TOKENS).map(({ headers }) => headers.authorization);

describe("the OAuth token", () => {
  it("is asked for once by many callers, with the scope named", async () => {
    const { zendesk, get, count } = await startAccount(() => me);

    await Promise.all(Array.from({ length: 20 }, () => get()));
    await get();

    expect(count(TOKENS)).toBe(1);
    const [asked] = zendesk.calls;
    expect(asked?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(asked?.body ?? "")).toEqual({
      grant_type: "client_credentials",
      client_id: "caseqa",
      client_secret: "secret",
      scope: SCOPE,
    });
    expect(new Set(bearers(zendesk.calls))).toEqual(new Set(["Bearer t1"]));
  });

  it("is renewed ahead of its end while the old one serves", async () => {
    const { zendesk, clock, get, count } = await startAccount(() => me);
    await get();
    clock.ms += 1_499_000;
    await get();
    expect(count(TOKENS)).toBe(1);

    clock.ms += 1_000;
    await get();

    await eventually(() => count(TOKENS) === 2);
    await eventually(() => count("/api/v2/x.json") === 3);
    await get();
    expect(bearers(zendesk.calls).at(-1)).toBe("Bearer t2");
    expect(bearers(zendesk.calls).slice(0, 3)).toEqual(["Bearer t1", "Bearer t1", "Bearer t1"]);
  });

  it("is waited for when the old one has ended", async () => {
    const { zendesk, clock, get } = await startAccount(() => me);
    await get();
    clock.ms += 1_800_000;
    await get();
    expect(bearers(zendesk.calls)).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it("goes on serving, with a pause between tries, when a renewal ahead of time fails", async () => {
    const tokens = inTurn(numberedTokens()(), json({ error: "invalid_client" }, 401));
    const { clock, get, count } = await startAccount(() => me, tokens);
    await get();
    clock.ms += 1_600_000;
    await get();
    await eventually(() => count(TOKENS) === 2);
    await get();
    await get();
    expect(count(TOKENS)).toBe(2);
  });

  it("is renewed once for all callers after a 401, and each call repeated once", async () => {
    const { count, get } = await startAccount(({ headers }) =>
      headers.authorization === "Bearer t1" ? expired : me,
    );
    await Promise.all([get(), get(), get()]);
    expect(count(TOKENS)).toBe(2);
    expect(count("/api/v2/x.json")).toBeLessThanOrEqual(6);
  });

  it("is not renewed without end when every call answers 401", async () => {
    const { count, get } = await startAccount(() => expired);
    await expect(get()).rejects.toMatchObject({
      code: "ZENDESK_REFUSED",
      message: "Zendesk answered GET /api/v2/x.json with 401 (invalid_token: expired)",
    });
    expect(count(TOKENS)).toBe(2);
    expect(count("/api/v2/x.json")).toBe(2);
  });
});

describe("a storm of 401", () => {
  it("asks for one token in half a minute", async () => {
    const { clock, count, get } = await startAccount(() => expired);
    const storm = async () => {
      for (let call = 0; call < 20; call += 1) {
        await expect(get()).rejects.toMatchObject({ code: "ZENDESK_REFUSED" });
      }
    };
    await storm();
    expect(count(TOKENS)).toBe(2);
    clock.ms += 30_000;
    await storm();
    expect(count(TOKENS)).toBe(3);
  });
});

describe("the life of a token", () => {
  it.each([
    ["a second", 1, 300],
    ["thirty years", 1e9, 172_800],
    ["nothing", 0, undefined],
    ["less than nothing", -5, undefined],
    ["words", "soon", undefined],
  ])("is as documented when Zendesk says %s", async (_what, expires_in, seconds) => {
    const token = { access_token: "t", token_type: "bearer", scope: SCOPE, expires_in };
    const { clock, get, count } = await startAccount(
      () => me,
      () => json(token),
    );
    await get();
    // Before any renewal ahead of its end.
    clock.ms += (seconds ?? 172_800) * 500;
    await get();
    expect(count(TOKENS)).toBe(1);
    clock.ms += (seconds ?? 172_800) * 500;
    await get();
    expect(count(TOKENS)).toBe(seconds === undefined ? 1 : 2);
  });
});

describe("when no token is to be had", () => {
  it("says unavailable to a caller whose time is up, and serves the next one", async () => {
    const tokens = inTurn(staysSilent);
    const { get } = await startAccount(() => me, tokens);
    await expect(get(200)).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
      message: "Zendesk is still answering: POST /oauth/tokens",
    });
  });

  it("asks again after a passing fault", async () => {
    const { get, count } = await startAccount(() => me, inTurn(text("", 503), numberedTokens()()));
    await get();
    expect(count(TOKENS)).toBe(2);
  });
});
