/** Can nothing that the page carries break out of it, and may only Zendesk frame it? */
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { sessionPage, type Given } from "#subjects/access/session-page";

const frame = {
  nonce: "n0nce",
  ancestors: ["https://acme.zendesk.com"],
  sdk: "https://sdk.example/zaf.js",
};

describe("sessionPage", () => {
  it("carries the session as data under a policy that runs only what has the nonce", () => {
    const given = { session: "cqs_acme.x", expires_at: "2026-11-25T09:00:00.000Z" };
    const { html, contentSecurityPolicy } = sessionPage(given, frame);
    expect(html).toContain(JSON.stringify(given));
    expect(html.match(/<script/g)).toHaveLength(3);
    expect(html.match(/<script[^>]* nonce="n0nce"/g)).toHaveLength(3);
    expect(contentSecurityPolicy).toBe(
      "default-src 'none'; script-src 'nonce-n0nce'; connect-src 'self'; frame-ancestors https://acme.zendesk.com; base-uri 'none'; form-action 'none'",
    );
  });

  it("keeps a message that looks like markup inside its element", () => {
    const { html } = sessionPage({ error: "</script><script>x()</script><!--", code: "X" }, frame);
    expect(html).not.toContain("<script>x()");
    expect(html).not.toContain("<!--");
    expect(html.match(/<\/script>/g)).toHaveLength(3);
  });
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Runs the page's own script with an SDK that only notes, and asks it as the app does. */
async function play(given: Given, asked: unknown, answer?: Answer) {
  const { html } = sessionPage(given, frame);
  const data = /id="given"[^>]*>(.*?)<\/script>/.exec(html)?.[1];
  const script = /type="module">([^]*?)<\/script>/.exec(html)?.[1] ?? "";
  const triggered: unknown[] = [];
  const fetched: unknown[] = [];
  let listen: (asked: unknown) => Promise<void> = async () => {};
  const client = {
    on: (event: string, listener: typeof listen) => {
      expect(event).toBe("caseqa.session.asked");
      listen = listener;
    },
    instance: (guid: string) => ({
      trigger: (event: string, what: unknown) =>
        triggered.push([guid, event, JSON.parse(JSON.stringify(what))]),
    }),
  };
  runInNewContext(script, {
    document: { getElementById: () => ({ textContent: data }) },
    ZAFClient: { init: () => client },
    fetch: async (path: string, { headers }: { headers: { authorization: string } }) => {
      fetched.push([path, headers.authorization]);
      if (!answer) throw new Error("offline");
      return { ok: answer.status < 400, status: answer.status, json: async () => answer.body };
    },
  });
  await listen(asked);
  return { triggered, fetched };
}

describe("the page's script", () => {
  const later = new Date(Date.now() + 3_000_000).toISOString();
  const soon = new Date(Date.now() + 60_000).toISOString();
  const asked = { instance_guid: "nav" };
  const event = "caseqa.session.given";
  const renewal = ["/v1/admin/session/renew", "Bearer cqs_acme.x"];

  it("gives the session to the instance that asked, and to nobody who does not say who it is", async () => {
    const given = { session: "cqs_acme.x", expires_at: later };
    expect(await play(given, asked)).toEqual({ triggered: [["nav", event, given]], fetched: [] });
    for (const stranger of [undefined, null, {}, { instance_guid: 1 }]) {
      expect((await play(given, stranger)).triggered).toEqual([]);
    }
  });

  it("renews a session that ends soon before it gives it", async () => {
    const given = { session: "cqs_acme.x", expires_at: soon };
    const renewed = await play(given, asked, { status: 200, body: { expires_at: later } });
    expect(renewed.fetched).toEqual([renewal]);
    expect(renewed.triggered).toEqual([["nav", event, { ...given, expires_at: later }]]);
  });

  it("says why when the session has ended, and passes it on when the server is away", async () => {
    const given = { session: "cqs_acme.x", expires_at: soon };
    const body = { error: { message: "ended", code: "UNAUTHORIZED" } };
    const ended = await play(given, asked, { status: 401, body });
    expect(ended.triggered).toEqual([
      ["nav", event, { expires_at: soon, error: "ended", code: "UNAUTHORIZED" }],
    ]);
    expect((await play(given, asked)).triggered).toEqual([["nav", event, given]]);
    const refused = { error: "no", code: "FORBIDDEN" };
    expect(await play(refused, asked)).toEqual({
      triggered: [["nav", event, refused]],
      fetched: [],
    });
  });
});
