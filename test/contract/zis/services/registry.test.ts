import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkText } from "#zis/check/check-text";
import { bundleOf, INTEGRATION, startZis, type TestZis } from "./start-zis.ts";

let zis: TestZis;
beforeEach(async () => {
  zis = await startZis();
});
afterEach(() => zis.close());

const DONE = { Done: { Type: "Succeed" } };
const BUNDLE = bundleOf({ states: DONE });

const upload = (body: unknown, name = INTEGRATION) =>
  zis.call("POST", `/registry/${name}/bundles`, zis.as.apiToken, body);
const specs = async () =>
  (await zis.call("GET", `/registry/${INTEGRATION}/job_specs`, zis.as.apiToken)).json.job_specs;
const setInstalled = (method: "POST" | "DELETE", name: string) =>
  zis.call(method, `/registry/job_specs/install?job_spec_name=${name}`, zis.as.apiToken);
const fire = () =>
  zis.send("POST", "/local/events", {}, { event_source: "acme", event_type: "ping", input: 1 });

describe("creating an integration", () => {
  it("answers with its OAuth client, whose secret is shown this once", async () => {
    const body = { description: "example", jwt_public_key: "KEY" };
    const { status, json } = await zis.call("POST", "/registry/acme", zis.as.apiToken, body);
    expect(status).toBe(200);
    expect(json).toEqual({
      description: "example",
      jwt_public_key: "KEY",
      zendesk_oauth_client: {
        id: expect.any(Number),
        identifier: "zis_acme",
        secret: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    const list = await zis.call("GET", "/registry/integrations", zis.as.apiToken);
    expect(list.json.integrations).toEqual([
      {
        ...json,
        name: "acme",
        zendesk_oauth_client: { ...json.zendesk_oauth_client, secret: "*****" },
      },
    ]);
  });

  it("answers 409 when the account has it, or 200 by the switch", async () => {
    await zis.integrate();
    expect((await zis.call("POST", "/registry/acme", zis.as.apiToken, {})).status).toBe(409);
    const lenient = await startZis({ serviceSwitches: { integrationRecreate: "ok" } });
    await lenient.integrate();
    const again = await lenient.call("POST", "/registry/acme", lenient.as.apiToken, {});
    expect(again.status).toBe(200);
    expect(again.json.zendesk_oauth_client.secret).toBe("*****");
    await lenient.close();
  });

  it("refuses a name that another account owns", async () => {
    const takenNames = new Map<string, string>();
    const first = await startZis({ takenNames, subdomain: "first" });
    const second = await startZis({ takenNames, subdomain: "second" });
    await first.integrate();
    const answer = await second.call("POST", "/registry/acme", second.as.apiToken, {});
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      message: "the integration: acme is not available for upsert by this account",
    });
    await first.close();
    await second.close();
  });

  it.each(["Acme", "a.b", "a%20b", "a".repeat(65)])("refuses the name %s", async (name) => {
    const answer = await zis.call("POST", `/registry/${name}`, zis.as.apiToken, {});
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].detail).toBe("invalid integration key");
  });
});

const choice = (rule: object) =>
  bundleOf({ states: { C: { Type: "Choice", Choices: [rule] }, ...DONE } });
const nested = (rule: object) =>
  bundleOf({
    states: {
      M: {
        Type: "Map",
        ItemsPath: "$.x",
        Iterator: { StartAt: "C", States: { C: { Type: "Choice", Choices: [rule] } } },
        End: true,
      },
    },
  });
const duplicated = {
  name: "main",
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
const unknownRule = { Variable: "$.a", StringMatches: "x*", Next: "Done" };

describe("uploading a bundle", () => {
  beforeEach(() => zis.integrate());

  it.each([
    ["another template version", { ...BUNDLE, zis_template_version: "2019-02-28" }, "2019-10-14"],
    ["no name", { ...BUNDLE, name: undefined }, "name is required"],
    ["no resources", { ...BUNDLE, resources: undefined }, "resources is required"],
    ["an array", [], "must be a JSON object"],
    ["no body", undefined, "must be a JSON object"],
    ["text that is not JSON", "{", "not JSON"],
    [
      "an unknown resource type",
      { ...BUNDLE, resources: { r: { type: "ZIS::X" } } },
      "resources.r.type",
    ],
    [
      "a resource without properties",
      { ...BUNDLE, resources: { r: { type: "ZIS::Flow" } } },
      "properties",
    ],
    ["duplicated resources", duplicated, "Bundle contains duplicated resources"],
    ["an unknown operator", choice(unknownRule), "And is required"],
    ["one inside Not", choice({ Not: unknownRule, Next: "Done" }), "And is required"],
    ["one inside And", choice({ And: [unknownRule], Next: "Done" }), "And is required"],
    ["one inside an Iterator", nested(unknownRule), "And is required"],
  ])("refuses %s in the documented envelope", async (_what, body, detail) => {
    const { status, json } = await upload(body);
    expect(status).toBe(400);
    expect(json.errors[0]).toMatchObject({ code: "1010", status: "400" });
    expect(json.errors[0].detail).toContain(detail);
  });

  it.each([
    { ...BUNDLE, name: undefined },
    { ...BUNDLE, name: 7 },
    { ...BUNDLE, zis_template_version: "2019-02-28" },
    { ...BUNDLE, zis_template_version: undefined },
    { ...BUNDLE, resources: undefined },
    { ...BUNDLE, resources: [] },
    ...[
      7,
      {},
      { type: "ZIS::Foo", properties: {} },
      { type: "ZIS::Flow" },
      { type: "ZIS::Flow", properties: { definition: { StartAt: "Done", States: DONE } } },
      { type: "ZIS::Flow", properties: { name: "f" } },
      {
        type: "ZIS::JobSpec",
        properties: { name: "j", event_source: "", event_type: "t", flow_name: "f" },
      },
    ].map((r) => ({ ...BUNDLE, resources: { r } })),
  ])("refuses what the checker says that Zendesk refuses, in its words: %j", async (body) => {
    const { status, json } = await upload(body);
    expect(status).toBe(400);
    expect(json.message).toBe("BundleValidationError");
    const found = checkText(JSON.stringify(body)).findings.find(
      ({ origin }) => origin === "registry",
    );
    expect(found).toMatchObject({ rule: "bundle-validation", severity: "error" });
    expect(found?.message).toContain(`BundleValidationError: ${json.errors[0].detail}`);
  });

  it("names a refused operator a validation error of the bundle", async () => {
    expect((await upload(choice(unknownRule))).json.message).toBe("BundleValidationError");
  });

  it.each([
    [400, "And is required"],
    [5_000, "the request body is nested deeper than 500 levels"],
  ])("answers rules nested %i deep", async (depth, detail) => {
    const rule = `${'{"Not":'.repeat(depth)}${JSON.stringify(unknownRule)}${"}".repeat(depth)}`;
    const answer = await upload(JSON.stringify(choice({})).replace("{}", rule));
    expect(answer.json.errors[0].detail).toBe(detail);
  });

  it("accepts what only fails at run time: paths, connections, actions that do not exist", async () => {
    const states = {
      A: { Type: "Action", ActionName: "zis:acme:action:none", Next: "Nowhere" },
      B: { Type: "Action", ActionName: "zis:acme:action:call" },
    };
    const actions = { call: { method: "GET", path: "http://abs/", connectionName: "none" } };
    expect((await upload(bundleOf({ states, actions }))).status).toBe(200);
  });

  it("answers 200 without a body and gives the bundle back unwrapped", async () => {
    expect(await upload(BUNDLE)).toMatchObject({ status: 200, text: "" });
    const list = await zis.call("GET", "/registry/acme/bundles", zis.as.apiToken);
    const [{ uuid }] = list.json.bundles;
    expect(list.json.bundles).toEqual([
      {
        uuid,
        integration: "acme",
        zendesk_account_id: 12345,
        name: "main",
        description: "a bundle",
        zis_template_version: "2019-10-14",
      },
    ]);
    const shown = await zis.call("GET", `/registry/acme/bundles/${uuid}`, zis.as.apiToken);
    expect(shown.json).toEqual({ ...BUNDLE, uuid, integration: "acme", zendesk_account_id: 12345 });
    const deleted = await zis.call("DELETE", `/registry/acme/bundles/${uuid}`, zis.as.apiToken);
    expect(deleted.status).toBe(405);
  });

  it("replaces the bundle of the same name and keeps its uuid", async () => {
    const uuids = async () =>
      (await zis.call("GET", "/registry/acme/bundles", zis.as.apiToken)).json.bundles.map(
        (bundle: { uuid: string }) => bundle.uuid,
      );
    await upload(BUNDLE);
    const before = await uuids();
    await upload({ ...BUNDLE, description: "changed" });
    expect(await uuids()).toEqual(before);
    await upload({ ...BUNDLE, name: "second" });
    expect(await uuids()).toHaveLength(2);
  });
});

describe("job specs", () => {
  const NAME = "zis:acme:job_spec:on_ping";
  beforeEach(async () => {
    await zis.integrate();
    await upload(BUNDLE);
  });

  it("are listed by their short names, not installed at first", async () => {
    expect(await specs()).toEqual([
      {
        uuid: expect.any(String),
        integration: "acme",
        name: "on_ping",
        description: "",
        event_source: "acme",
        event_type: "ping",
        flow_name: "zis:acme:flow:answer",
        installed: false,
      },
    ]);
    expect((await fire()).json.queued).toBe(0);
  });

  it("start their flow once installed and no more once uninstalled", async () => {
    expect(await setInstalled("POST", NAME)).toMatchObject({ status: 200, text: "" });
    expect((await fire()).json).toEqual({ accepted: 1, queued: 1 });
    expect((await setInstalled("DELETE", NAME)).status).toBe(200);
    expect((await fire()).json.queued).toBe(0);
  });

  it.each(["zis:acme:job_spec:other", "on_ping", "zis:acme:flow:answer", ""])(
    "refuses to install %s",
    async (name) => {
      const { status, json } = await setInstalled("POST", name);
      expect(status).toBe(400);
      expect(json.errors[0].detail).toBe("one or more requested job specs is invalid");
    },
  );

  it("are installed by the older address too, all or none", async () => {
    const path = "/integrations/acme/job_specs/installation";
    const names = [{ name: NAME }, { name: "zis:acme:job_spec:other" }];
    expect((await zis.call("POST", path, zis.as.session, names)).status).toBe(400);
    expect((await specs())[0].installed).toBe(false);
    expect((await zis.call("POST", path, zis.as.session, [{ name: NAME }])).status).toBe(200);
    expect((await specs())[0].installed).toBe(true);
  });

  it("are orphaned by an upload: a new version, not installed", async () => {
    await setInstalled("POST", NAME);
    const [before] = await specs();
    await upload(BUNDLE);
    const [after] = await specs();
    expect(after.installed).toBe(false);
    expect(after.uuid).not.toBe(before.uuid);
    expect((await fire()).json.queued).toBe(0);
  });

  it("stay installed by an upload when the switch says so", async () => {
    const lenient = await startZis({ serviceSwitches: { uploadInstalls: "keep" } });
    await lenient.integrate();
    const again = () => lenient.call("POST", "/registry/acme/bundles", lenient.as.apiToken, BUNDLE);
    await again();
    const path = `/registry/job_specs/install?job_spec_name=${NAME}`;
    await lenient.call("POST", path, lenient.as.apiToken);
    await again();
    const list = await lenient.call("GET", "/registry/acme/job_specs", lenient.as.apiToken);
    expect(list.json.job_specs[0].installed).toBe(true);
    await lenient.close();
  });

  it("that an upload leaves out go on starting their old flow until they are uninstalled", async () => {
    await setInstalled("POST", NAME);
    await upload(bundleOf({ states: DONE, jobSpec: "renamed", flow: "renamed" }));
    expect((await fire()).json.queued).toBe(1);
    await zis.zis.idle(120_000);
    expect((await zis.send("GET", "/local/runs")).json.runs[0]).toMatchObject({
      flow: "answer",
      job_spec: "on_ping",
      status: "SUCCEEDED",
    });
    expect((await setInstalled("DELETE", NAME)).status).toBe(200);
    expect((await specs()).map((spec: { name: string }) => spec.name)).toEqual(["renamed"]);
    expect((await setInstalled("POST", NAME)).status).toBe(400);
  });

  it("are paged by cursor", async () => {
    for (const jobSpec of ["a", "b", "c"]) {
      await upload(bundleOf({ states: DONE, jobSpec, name: jobSpec, flow: jobSpec }));
    }
    const page = async (query: string) => {
      const path = `/registry/acme/job_specs?${query}`;
      const { json } = await zis.call("GET", path, zis.as.apiToken);
      return [json.job_specs.map((spec: { name: string }) => spec.name).join(), json.meta];
    };
    expect(await page("page[size]=2")).toEqual([
      "a,b",
      { has_more: true, after: "b", before: "a" },
    ]);
    expect(await page("page[size]=2&page[after]=b")).toEqual([
      "c,on_ping",
      { has_more: false, after: "on_ping", before: "c" },
    ]);
    expect(await page("page[size]=2&page[before]=c")).toEqual([
      "a,b",
      { has_more: false, after: "b", before: "a" },
    ]);
  });
});
