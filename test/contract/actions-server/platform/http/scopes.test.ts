/** Does a server token open what its scopes say, and nothing else? And is an answer of any length streamed? */
import { describe, expect, it } from "vitest";
import { createIdentify } from "#platform/http/auth";
import { parseCallers } from "#platform/http/callers";
import { post, RESOLVE, startEdge } from "./edge.ts";

const TOKENS = {
  actions: "token-for-actions-1",
  read: "token-for-reading-12",
  admin: "token-for-admins-123",
};

async function start(parts: AsyncIterable<string> = notEnding()) {
  const bearer = Object.entries(TOKENS).map(([scope, secret]) => ({ secret, scopes: [scope] }));
  const credentials = parseCallers(JSON.stringify({ acme: { bearer } }));
  if (typeof credentials === "string") throw new Error(credentials);
  const { app } = await startEdge({
    identify: createIdentify(credentials, "x-api-key"),
    administration: {
      sessionPage: { sessions: { find: async () => ({ known: false, problem: "none" }) } } as never,
      routes: {
        conversations: async () => ({ conversations: [], next: null }),
        "conversations-file": async () => ({ type: "text/csv", parts }),
        sweeps: async () => ({ sweeps: [] }),
      },
    },
  });
  return app;
}

let made = 0;

async function* notEnding(): AsyncGenerator<string> {
  for (made = 0; made < 1_000_000; made += 1) yield "x".repeat(1_000);
}

describe("scopes", () => {
  it.each([
    ["actions", 200, 403, 403],
    ["read", 403, 200, 403],
    ["admin", 403, 200, 200],
  ] as const)("of a token for %s", async (scope, action, read, admin) => {
    const app = await start();
    const headers = { authorization: `Bearer ${TOKENS[scope]}` };
    const resolved = await post(
      app,
      RESOLVE,
      { ticket_id: 1, match_order: ["external_id"] },
      headers,
    );
    const list = await app.inject({ url: "/v1/conversations", headers });
    const sweeps = await app.inject({ url: "/v1/admin/sweeps", headers });
    expect([resolved, list, sweeps].map((answer) => answer.statusCode)).toEqual([
      action,
      read,
      admin,
    ]);
    for (const answer of [resolved, list, sweeps].filter((one) => one.statusCode === 403)) {
      expect(answer.json().error.message).toMatch(/^the server token does not have the scope /);
    }
  });
});

describe("an answer of any length", () => {
  it("is made as the caller takes it, and ends when the caller leaves", async () => {
    const app = await start();
    const origin = await app.listen({ port: 0, host: "127.0.0.1" });
    const headers = { authorization: `Bearer ${TOKENS.read}` };
    const answer = await fetch(`${origin}/v1/conversations/export?format=csv`, { headers });
    expect(answer.headers.get("content-type")).toBe("text/csv");
    const reader = answer.body!.getReader();
    await reader.read();
    await reader.cancel();
    await expect
      .poll(async () => {
        const before = made;
        await new Promise((resolve) => setTimeout(resolve, 50));
        return made - before;
      })
      .toBe(0);
    expect(made).toBeLessThan(100_000);
  });

  it("is cut off when it cannot be made to the end, so that nobody takes it for whole", async () => {
    async function* breaking(): AsyncGenerator<string> {
      yield "a\r\n";
      throw new Error("the database went away");
    }
    const app = await start(breaking());
    const origin = await app.listen({ port: 0, host: "127.0.0.1" });
    const headers = { authorization: `Bearer ${TOKENS.read}` };
    const answer = fetch(`${origin}/v1/conversations/export?format=csv`, { headers });
    await expect(answer.then((one) => one.text())).rejects.toThrow();
  });
});
