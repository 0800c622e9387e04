import { describe, expect, it } from "vitest";
import { callServerBy, callServerOnce, callZendeskBy } from "#app/src/zaf/call";
import { createAppCalls } from "#app/src/zaf/zendesk-calls";
import { FakeZaf } from "./fake-zaf.ts";

const SERVER = "https://qa.example.com";
const authorizationOf = (zaf: FakeZaf) =>
  zaf.requests.map(({ headers }) => headers?.["Authorization"]);

function sessionOf(...tokens: string[]) {
  const dropped: string[] = [];
  return {
    dropped,
    token: async () => tokens[dropped.length] ?? "none",
    drop: (token: string) => void dropped.push(token),
  };
}

describe("a call to Zendesk", () => {
  it("carries no credential: the host adds the user's session", async () => {
    const zaf = new FakeZaf();
    zaf.answer = () => ({ status: 200, responseJSON: { ok: true } });
    const path = "/api/services/zis/registry/integrations";
    expect(await callZendeskBy(zaf)({ method: "GET", path })).toEqual({
      status: 200,
      body: { ok: true },
    });
    expect(zaf.requests).toEqual([
      { url: path, type: "GET", headers: {}, httpCompleteResponse: true, autoRetry: false },
    ]);
  });

  it("sends its body as JSON, and takes a refusal for an answer", async () => {
    const zaf = new FakeZaf();
    zaf.answer = () => ({ status: 422, responseText: '{"errors":["x"]}' });
    const answer = await callZendeskBy(zaf)({ method: "POST", path: "/x", body: { a: "é" } });
    expect(answer).toEqual({ status: 422, body: { errors: ["x"] } });
    expect(zaf.requests[0]).toMatchObject({ contentType: "application/json", data: '{"a":"é"}' });
  });

  it("keeps a text that is no JSON", async () => {
    const zaf = new FakeZaf();
    zaf.answer = () => ({ status: 200, responseText: "-----BEGIN PUBLIC KEY-----" });
    expect(await callZendeskBy(zaf)({ method: "GET", path: "/x" })).toEqual({
      status: 200,
      body: "-----BEGIN PUBLIC KEY-----",
    });
  });

  it.each([[{ status: 0, statusText: "error" }], [new Error("error")], ["error"]])(
    "fails when nothing answered: %o",
    async (thrown) => {
      const request = async () => {
        throw thrown;
      };
      const call = callZendeskBy({ request })({ method: "GET", path: "/x" });
      await expect(call).rejects.toThrow(/no answer from \/x: error/);
    },
  );
});

describe("a call to the server", () => {
  it("carries the session", async () => {
    const zaf = new FakeZaf();
    const call = callServerBy(zaf, SERVER, sessionOf("cqs_1"));
    await call({ method: "GET", path: "/v1/admin/me" });
    expect(zaf.requests[0]?.url).toBe("https://qa.example.com/v1/admin/me");
    expect(authorizationOf(zaf)).toEqual(["Bearer cqs_1"]);
  });

  it("is made once more with a new session after a 401, and not again", async () => {
    const zaf = new FakeZaf();
    zaf.answer = ({ headers }) => ({
      status: headers?.["Authorization"] === "Bearer cqs_2" ? 200 : 401,
    });
    const session = sessionOf("cqs_1", "cqs_2");
    const call = callServerBy(zaf, SERVER, session);
    expect(await call({ method: "GET", path: "/x" })).toMatchObject({ status: 200 });
    expect(session.dropped).toEqual(["cqs_1"]);

    const refusing = new FakeZaf();
    refusing.answer = () => ({ status: 401 });
    const refused = callServerBy(refusing, SERVER, sessionOf("a", "b", "c"));
    expect(await refused({ method: "GET", path: "/x" })).toMatchObject({ status: 401 });
    expect(authorizationOf(refusing)).toEqual(["Bearer a", "Bearer b"]);
  });

  it("may carry a server token once", async () => {
    const zaf = new FakeZaf();
    await callServerOnce(zaf, SERVER, "secret", { method: "PUT", path: "/x", body: {} });
    expect(authorizationOf(zaf)).toEqual(["Bearer secret"]);
  });
});

describe("calls as the integration", () => {
  const WEBHOOKS = "/api/services/zis/inbound_webhooks/generic/caseqa_acme";

  /** Webhooks refuse a session; the account mints tokens. */
  function account(zaf: FakeZaf): void {
    zaf.answer = ({ url, headers }) => {
      if (url.includes("/oauth/tokens.json")) {
        return { status: 201, responseJSON: { token: { id: 7, full_token: "minted" } } };
      }
      if (url.includes("/registry/integrations")) {
        return { status: 200, responseJSON: { integrations: [] } };
      }
      if (url.includes("/oauth/clients.json")) {
        const clients = [{ id: 5, identifier: "zis_caseqa_acme" }];
        return { status: 200, responseJSON: { clients } };
      }
      const isRefused =
        url.includes("inbound_webhooks") && headers?.["Authorization"] === undefined;
      return { status: isRefused ? 401 : 200, responseText: "" };
    };
  }

  it("go by the session where it is taken: no token is made", async () => {
    const zaf = new FakeZaf();
    account(zaf);
    const path = "/api/services/zis/integrations/caseqa_acme/configs";
    const calls = createAppCalls(zaf, "caseqa_acme");
    expect(await calls.call({ method: "GET", path, as: "integration" })).toMatchObject({
      status: 200,
    });
    expect(zaf.requests).toHaveLength(1);
    await calls.close();
    expect(zaf.requests).toHaveLength(1);
  });

  it("go by a token where it is not, which is revoked in the end", async () => {
    const zaf = new FakeZaf();
    account(zaf);
    const calls = createAppCalls(zaf, "caseqa_acme");
    const webhook = { method: "POST", path: WEBHOOKS, body: {}, as: "integration" } as const;
    expect(await calls.call(webhook)).toMatchObject({ status: 200 });
    const first = zaf.requests.length;
    // The service is known to refuse the session: it is not asked again.
    expect(await calls.call(webhook)).toMatchObject({ status: 200 });
    expect(zaf.requests.slice(first).map(({ headers }) => headers)).toEqual([
      { Authorization: "Bearer minted" },
    ]);
    await calls.close();
    expect(zaf.requests.at(-1)).toMatchObject({
      type: "DELETE",
      url: "/api/v2/oauth/tokens/7.json",
    });
  });
});
