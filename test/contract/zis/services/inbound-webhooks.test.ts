import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { basic, bundleOf, deploy, startZis, type TestZis } from "./start-zis.ts";

let zis: TestZis;
let token: Record<string, string>;
beforeEach(async () => {
  zis = await startZis();
  token = await zis.integrate();
});
afterEach(() => zis.close());

const HOOKS = "/inbound_webhooks/generic/acme";
const BODY = { source_system: "acme", event_type: "ping" };

describe("inbound webhooks", () => {
  it("show their credential once, when they are created", async () => {
    const { status, json } = await zis.call("POST", HOOKS, token, BODY);
    expect(status).toBe(200);
    expect(json).toEqual({
      id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      uuid: expect.any(String),
      zendesk_account_id: 12345,
      integration: "acme",
      source_system: "acme",
      event_type: "ping",
      path: expect.stringMatching(
        /^\/api\/services\/zis\/inbound_webhooks\/generic\/ingest\/[\w-]{43}$/,
      ),
      username: expect.any(String),
      password: expect.any(String),
    });
    const { username: _u, password: _p, ...shown } = json;
    expect((await zis.call("GET", `${HOOKS}/${json.uuid}`, token)).json).toEqual(shown);
  });

  it("are shown by uuid only and never listed", async () => {
    const { json } = await zis.call("POST", HOOKS, token, BODY);
    expect((await zis.call("GET", `${HOOKS}/${json.id}`, token)).status).toBe(404);
    expect((await zis.call("GET", HOOKS, token)).status).toBe(404);
    const other = await zis.integrate("other");
    const path = `/inbound_webhooks/generic/other/${json.uuid}`;
    expect((await zis.call("GET", path, other)).status).toBe(404);
  });

  it("take any JSON as $.input and answer 200 whatever the flow does", async () => {
    await deploy(zis, bundleOf({ states: { Stop: { Type: "Fail", Error: "E", Cause: "no" } } }));
    const { json } = await zis.call("POST", HOOKS, token, BODY);
    const credential = basic(json.username, json.password);
    const input = { eventType: "x", nested: [{ __proto__: null, deep: 1 }] };
    const answer = await zis.send("POST", json.path, credential, input);
    expect(answer).toMatchObject({ status: 200, text: "" });
    await zis.zis.idle(120_000);
    const { runs } = (await zis.send("GET", "/local/runs")).json;
    const run = await zis.send("GET", `/local/runs/${runs[0].id}`);
    expect(run.json).toMatchObject({ status: "FAILED", message: "no", input });
  });

  it("read JSON under the types that curl and others send by themselves", async () => {
    await deploy(zis, bundleOf({ states: { Stop: { Type: "Succeed", Message: "ok" } } }));
    const { json } = await zis.call("POST", HOOKS, token, BODY);
    for (const type of ["application/x-www-form-urlencoded", "text/plain"]) {
      const headers = { ...basic(json.username, json.password), "content-type": type };
      const answer = await zis.send("POST", json.path, headers, '{"type":"x"}');
      expect(answer.status).toBe(200);
      await zis.zis.idle(120_000);
      const { runs } = (await zis.send("GET", "/local/runs?limit=1")).json;
      const run = await zis.send("GET", `/local/runs/${runs[0].id}`);
      expect(run.json.input).toEqual({ type: "x" });
      expect((await zis.send("POST", json.path, headers, "type=x")).status).toBe(400);
    }
  });

  it("answer 200 when no job spec waits for them", async () => {
    const { json } = await zis.call("POST", HOOKS, token, BODY);
    const answer = await zis.send("POST", json.path, basic(json.username, json.password), []);
    expect(answer.status).toBe(200);
    expect(zis.zis.stats()).toMatchObject({ events: 1, deliveries: 0 });
  });

  it.each([
    ["a wrong password", (u: string, _p: string) => basic(u, "wrong"), 401],
    ["no credential", () => ({}), 401],
    ["the wrong user", (_u: string, p: string) => basic("x", p), 401],
    ["the API token of an administrator", () => zis.as.apiToken, 401],
  ])("refuse %s", async (_what, headers, status) => {
    const { json } = await zis.call("POST", HOOKS, token, BODY);
    const answer = await zis.send("POST", json.path, headers(json.username, json.password), {});
    expect(answer.status).toBe(status);
  });

  it("refuse a body that is not JSON", async () => {
    const { json } = await zis.call("POST", HOOKS, token, BODY);
    const credential = basic(json.username, json.password);
    expect((await zis.send("POST", json.path, credential, "<xml/>")).status).toBe(400);
    expect((await zis.send("POST", json.path, credential)).status).toBe(400);
  });

  it("are gone with their credential after 204", async () => {
    const { json } = await zis.call("POST", HOOKS, token, BODY);
    const path = `${HOOKS}/${json.uuid}`;
    expect((await zis.call("DELETE", path, token)).status).toBe(204);
    expect((await zis.call("GET", path, token)).status).toBe(404);
    const answer = await zis.send("POST", json.path, basic(json.username, json.password), {});
    expect(answer.status).toBe(404);
  });

  it.each([
    ["no source_system", { event_type: "ping" }],
    ["no event_type", { source_system: "acme" }],
    ["the source of Zendesk's own events", { source_system: "support", event_type: "x" }],
    ["no body", undefined],
  ])("are refused with %s", async (_what, body) => {
    expect((await zis.call("POST", HOOKS, token, body)).status).toBe(400);
  });
});
