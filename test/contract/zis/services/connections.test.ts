import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startZis, type TestZis } from "./start-zis.ts";

let zis: TestZis;
let token: Record<string, string>;
beforeEach(async () => {
  zis = await startZis();
  token = await zis.integrate();
});
afterEach(() => zis.close());

const BASE = "/integrations/acme/connections";
const TIMES = {
  created_at: "2026-05-04T10:00:00.000Z",
  updated_at: "2026-05-04T10:00:00.000Z",
};
const DOMAIN = { allowed_domain: "api.example.com" };
const TYPES = [
  ["api_key", { header_name: "x-acme", api_key: "s3cret" }, { api_key: "*****" }],
  ["basic_auth", { username: "u", password: "s3cret" }, { password: "*****" }],
  ["bearer_token", { token: "s3cret" }, { token: "*****" }],
] as const;

describe.each(TYPES)("a connection of type %s", (type, fields, mask) => {
  const create = (name = "crm", more: object = {}) =>
    zis.call("POST", `${BASE}/${type}`, token, { name, ...fields, ...DOMAIN, ...more });

  it("is created with 201, its secret masked", async () => {
    const { status, json } = await create();
    expect(status).toBe(201);
    expect(json).toEqual({ [type]: { name: "crm", ...fields, ...DOMAIN, ...TIMES, ...mask } });
  });

  it("is shown, changed and deleted by its type and name", async () => {
    const { json } = await create();
    expect((await zis.call("GET", `${BASE}/${type}/crm`, token)).json).toEqual(json);
    const changed = { allowed_domain: "new.example.com" };
    for (const method of ["PUT", "PATCH"]) {
      const answer = await zis.call(method, `${BASE}/${type}/crm`, token, changed);
      expect(answer.json[type]).toMatchObject({ ...fields, ...mask, ...changed });
    }
    const other = type === "api_key" ? "basic_auth" : "api_key";
    expect((await zis.call("GET", `${BASE}/${other}/crm`, token)).status).toBe(404);
    expect((await zis.call("DELETE", `${BASE}/${type}/crm`, token)).status).toBe(204);
    expect((await zis.call("GET", `${BASE}/${type}/crm`, token)).status).toBe(404);
  });

  it.each([
    ...Object.keys(fields).filter((name) => name !== "header_name"),
    "name",
    "allowed_domain",
  ])("needs %s", async (field) => {
    const answer = await create("crm", { [field]: undefined });
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].detail).toContain(field);
  });

  it.each([
    ["ab", 400],
    ["a".repeat(65), 400],
    ["with space", 400],
    ["zendesk", 400],
    ["a-B_9", 201],
  ])("with the name %s is answered %i", async (name, status) => {
    expect((await create(name)).status).toBe(status);
  });

  it("refuses a domain with a scheme", async () => {
    expect((await create("crm", { allowed_domain: "https://api.example.com" })).status).toBe(400);
  });
});

describe("connections of an integration", () => {
  const create = (type: string, name: string, fields: object) =>
    zis.call("POST", `${BASE}/${type}`, token, { name, ...fields, ...DOMAIN });

  it("have names unique over all types", async () => {
    await create("bearer_token", "crm", { token: "t" });
    expect((await create("api_key", "crm", { api_key: "k" })).status).toBe(409);
  });

  it("are listed by type, sorted by name, in pages whose cursors are names", async () => {
    await create("bearer_token", "bbb", { token: "t" });
    await create("api_key", "ccc", { api_key: "k" });
    await create("basic_auth", "aaa", { username: "u", password: "p" });
    const { json } = await zis.call("GET", `${BASE}/all?page[size]=2`, token);
    expect(json).toMatchObject({
      api_key: [],
      basic_auth: [{ name: "aaa", password: "*****" }],
      bearer_token: [{ name: "bbb", token: "*****" }],
      oauth: [],
      meta: { has_more: true, after: "bbb" },
    });
    const rest = await zis.call("GET", `${BASE}/all?page[after]=bbb`, token);
    expect(rest.json.api_key).toMatchObject([{ name: "ccc", header_name: "x-api-key" }]);
    expect(rest.text).not.toContain('"k"');
  });

  it("may be named zendesk by the switch", async () => {
    const lenient = await startZis({ serviceSwitches: { zendeskConnectionName: "any" } });
    const own = await lenient.integrate();
    const body = { name: "zendesk", username: "u", password: "p", ...DOMAIN };
    expect((await lenient.call("POST", `${BASE}/basic_auth`, own, body)).status).toBe(201);
    await lenient.close();
  });
});
