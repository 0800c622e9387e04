/** Does a wrong session cost less than it may: is it counted before it is looked up, and a good one never refused for it? */
import { describe, expect, it } from "vitest";
import { createAccessRoutes } from "#subjects/access/routes";
import { newSessionToken } from "#subjects/access/session-token";
import type { Sessions } from "#subjects/access/sessions";
import { ROUTES } from "#contract/routes";
import { startEdge } from "../../platform/http/edge.ts";

const notCalled = async (): Promise<never> => {
  throw new Error("this is not under test here");
};

/** One session is good until it is ended; look-ups are counted. */
async function start(strangersPerMinute: number) {
  const good = newSessionToken("acme");
  const state = { lookUps: 0, hasEnded: false };
  const sessions: Sessions = {
    open: notCalled,
    renew: notCalled,
    async find({ token }) {
      state.lookUps += 1;
      if (token !== good || state.hasEnded) return { known: false, problem: "unknown" };
      return { known: true, account: "acme", role: "admin", userId: "1", expiresAt: new Date(0) };
    },
  };
  const unused = undefined as never;
  const { app } = await startEdge({
    administration: {
      sessionPage: { sessions, ancestors: [], sdk: "https://sdk.example/zaf.js" },
      routes: createAccessRoutes({ db: unused, now: unused, client: unused, sessions }),
    },
    limits: { strangersPerMinute },
  });
  const ask = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await app.inject({ url: ROUTES.me.path, headers })).statusCode;
  };
  return { good, state, ask };
}

describe("a session's token", () => {
  it("that is wrong is counted before it costs a look-up", async () => {
    const { state, ask } = await start(3);
    const codes = [];
    for (let asked = 0; asked < 5; asked += 1) codes.push(await ask(newSessionToken("acme")));
    expect(codes).toEqual([401, 401, 401, 429, 429]);
    expect(state.lookUps).toBe(3);
  });

  it("that was found before is not refused for what others of its address do", async () => {
    const { good, ask } = await start(1);
    expect([await ask(good), await ask(good)]).toEqual([200, 200]);
    expect(await ask(newSessionToken("acme"))).toBe(429);
    expect(await ask(good)).toBe(200);
  });

  it("that has ended is counted like a stranger's from then on", async () => {
    const { good, state, ask } = await start(2);
    expect(await ask(good)).toBe(200);
    state.hasEnded = true;
    expect([await ask(good), await ask(good), await ask(good)]).toEqual([401, 401, 429]);
    expect(state.lookUps).toBe(3);
  });
});
