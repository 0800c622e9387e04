import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  bearer,
  bundleOf,
  deploy,
  ping,
  serve,
  startZis,
  type TestZis,
} from "./services/start-zis.ts";

const takenNames = new Map([["taken", "another-account"]]);
let zis: TestZis;
let own: Record<string, string>;
let other: Record<string, string>;
let remote: { readonly origin: string; close(): Promise<unknown> };

beforeAll(async () => {
  zis = await startZis({ takenNames });
  own = await zis.integrate("acme");
  other = await zis.integrate("other");
  remote = await serve((app) => {
    app.get("/:status", (request, reply) =>
      reply.code(Number((request.params as { status: string }).status)).send({ error: "no" }),
    );
  });
});
afterAll(async () => {
  await zis.close();
  await remote.close();
});

const upload = (bundle: object, headers = zis.as.apiToken) =>
  zis.call("POST", "/registry/acme/bundles", headers, bundle);
const create = (name: string) => zis.call("POST", `/registry/${name}`, zis.as.apiToken, {});
const bundles = (headers: Record<string, string>) =>
  zis.call("GET", "/registry/acme/bundles", headers);
const DONE = { Done: { Type: "Succeed" } };

const duplicated = {
  name: "twice",
  zis_template_version: "2019-10-14",
  resources: Object.fromEntries(
    ["one", "two"].map((key) => [
      key,
      {
        type: "ZIS::Flow",
        properties: { name: "same", definition: { StartAt: "Done", States: DONE } },
      },
    ]),
  ),
};
const matching = bundleOf({
  states: {
    C: { Type: "Choice", Choices: [{ Variable: "$.a", StringMatches: "x*", Next: "Done" }] },
    ...DONE,
  },
});

/** Whoever is refused is told in plain text; whatever is refused in the documented envelope. */
type Refusal = readonly [text: string, status: number, provoke: () => ReturnType<TestZis["call"]>];

describe("over HTTP the local ZIS refuses with the texts that ZIS is known for", () => {
  it.each<Refusal>([
    ["Authentication failed", 401, () => bundles({})],
    ["Authentication failed", 401, () => bundles({ authorization: "Bearer " })],
    ["Authentication failed", 401, () => bundles(bearer("none"))],
    ["Authorization failed due to integration mismatch", 401, () => bundles(other)],
    [
      "Authorization failed due to OAuth being disabled for this API request",
      401,
      () => upload(bundleOf({ states: DONE }), own),
    ],
    [
      "API token is not supported",
      403,
      () => zis.call("GET", "/integrations/acme/connections/all", zis.as.apiToken),
    ],
    ["Only admin user is allowed", 403, () => upload(bundleOf({ states: DONE }), zis.as.agent)],
  ])("%s (%i, text)", async (text, status, provoke) => {
    expect(await provoke()).toMatchObject({ status, text });
  });

  it.each<Refusal>([
    ["invalid integration key", 400, () => create("Not%20A%20Key")],
    ["Bundle contains duplicated resources", 400, () => upload(duplicated)],
    ["And is required", 400, () => upload(matching)],
    [
      "one or more requested job specs is invalid",
      400,
      () =>
        zis.call(
          "POST",
          "/registry/job_specs/install?job_spec_name=zis:acme:job_spec:none",
          zis.as.apiToken,
        ),
    ],
  ])("%s (%i, envelope)", async (detail, status, provoke) => {
    const answer = await provoke();
    expect(answer.status).toBe(status);
    expect(answer.json.errors).toEqual([{ code: "1010", detail, status: String(status) }]);
  });

  it("BundleValidationError, as the message of the envelope", async () => {
    expect((await upload(matching)).json.message).toBe("BundleValidationError");
  });

  it("the integration: taken is not available for upsert by this account", async () => {
    const answer = await create("taken");
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      message: "the integration: taken is not available for upsert by this account",
    });
  });
});

const call = (definition: object, state: object = {}) =>
  bundleOf({
    states: { Call: { Type: "Action", ActionName: "zis:acme:action:call", End: true, ...state } },
    actions: { call: { method: "GET", ...definition } },
  });

describe("a flow ends with the texts that ZIS is known for", () => {
  it.each<readonly [text: string, status: string, bundle: () => object]>([
    ["Execution Successful", "SUCCEEDED", () => bundleOf({ states: DONE })],
    [
      "Execution Successful",
      "SUCCEEDED",
      () => bundleOf({ states: { Here: { Type: "Pass", End: true } } }),
    ],
    [
      "JSON path not found: $.input.none",
      "FAILED",
      () => call({ url: remote.origin }, { Parameters: { "id.$": "$.input.none" } }),
    ],
    ["JSON path not found: $.none", "FAILED", () => call({ url: `${remote.origin}/{{$.none}}` })],
    [
      "JSON path not found: $.none",
      "FAILED",
      () => bundleOf({ states: { Done: { Type: "Succeed", Message: "{{$.none}}" } } }),
    ],
    [
      "external action failed due to status code: 404",
      "FAILED",
      () => call({ url: `${remote.origin}/404` }),
    ],
    [
      "external action failed due to status code: 409",
      "FAILED",
      () => call({ url: `${remote.origin}/409` }),
    ],
    [
      'Cannot start flow because the connection named "zendesk" does not exist',
      "NOT_STARTED",
      () => call({ path: "/api/v2/users/me.json", connectionName: "zendesk" }),
    ],
    [
      'Cannot start flow because the connection named "slack" does not exist',
      "NOT_STARTED",
      () =>
        call({ url: remote.origin }, { Parameters: { "t.$": "$.connections.slack.access_token" } }),
    ],
  ])("%s (%s)", async (text, status, bundle) => {
    await deploy(zis, bundle());
    expect(await ping(zis)).toMatchObject({ status, message: text });
    const { json } = await zis.send("GET", "/local/log?limit=1");
    expect(json.entries[0].description).toContain(text);
  });

  it("gives a Catch the same text as its Cause", async () => {
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Told", ResultPath: "$.err" }];
    const caught = bundleOf({
      states: {
        Call: { Type: "Action", ActionName: "zis:acme:action:call", Catch, Next: "Told" },
        Told: { Type: "Succeed", Message: "$.err.Cause" },
      },
      actions: { call: { method: "GET", url: `${remote.origin}/500` } },
    });
    await deploy(zis, caught);
    expect(await ping(zis)).toMatchObject({
      status: "SUCCEEDED",
      message: "external action failed due to status code: 500",
    });
  });
});
