import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startZis, type TestZis } from "./start-zis.ts";

let zis: TestZis;
let token: Record<string, string>;
beforeEach(async () => {
  zis = await startZis();
  token = await zis.integrate();
});
afterEach(() => zis.close());

const CONFIGS = "/integrations/acme/configs";
const create = (scope: unknown, config: unknown) =>
  zis.call("POST", CONFIGS, token, { scope, config });
const find = (scope: string) =>
  zis.call("GET", `${CONFIGS}?filter[scope]=${encodeURIComponent(scope)}`, token);
const change = (method: string, scope: string, body?: unknown) =>
  zis.call(method, `${CONFIGS}/${encodeURIComponent(scope)}`, token, body);

describe("configs", () => {
  it("are created with 201 and found by scope", async () => {
    const created = await create("settings", { priority: "high" });
    expect(created.status).toBe(201);
    expect(created.json).toEqual({
      id: expect.any(Number),
      scope: "settings",
      config: { priority: "high" },
      integration: "acme",
      zendesk_account_id: 12345,
      created_at: "2026-05-04T10:00:00.000Z",
      updated_at: "2026-05-04T10:00:00.000Z",
    });
    expect((await find("settings")).json.configs).toEqual([created.json]);
  });

  it("take * as a wildcard and answer 404 when nothing matches", async () => {
    for (const scope of ["foo1", "foo2", "bar"]) await create(scope, {});
    const scopes = async (pattern: string) =>
      (await find(pattern)).json.configs.map((config: { scope: string }) => config.scope);
    expect(await scopes("foo*")).toEqual(["foo1", "foo2"]);
    expect(await scopes("*")).toEqual(["bar", "foo1", "foo2"]);
    expect(await scopes("*o*2")).toEqual(["foo2"]);
    expect((await find("fo")).status).toBe(404);
    expect((await find("x*")).status).toBe(404);
  });

  it("require filter[scope]", async () => {
    const answer = await zis.call("GET", CONFIGS, token);
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].detail).toContain("filter[scope]");
  });

  it("replace with PUT, merge with PATCH, delete with 204", async () => {
    await create("s", { a: 1, deep: { x: 1 } });
    expect((await change("PATCH", "s", { config: { deep: { y: 2 } } })).json.config).toEqual({
      a: 1,
      deep: { y: 2 },
    });
    expect((await change("PUT", "s", { config: { b: 2 } })).json.config).toEqual({ b: 2 });
    expect((await change("DELETE", "s")).status).toBe(204);
    for (const method of ["PUT", "PATCH", "DELETE"]) {
      expect((await change(method, "s", { config: {} })).status).toBe(404);
    }
  });

  it("merge deeply by the switch", async () => {
    const deep = await startZis({ serviceSwitches: { configMerge: "deep" } });
    const own = await deep.integrate();
    await deep.call("POST", CONFIGS, own, { scope: "s", config: { deep: { x: 1 } } });
    const patched = await deep.call("PATCH", `${CONFIGS}/s`, own, { config: { deep: { y: 2 } } });
    expect(patched.json.config).toEqual({ deep: { x: 1, y: 2 } });
    await deep.close();
  });

  it.each(["my-integration:12345/name", "a b%c", "é", `long-${"x".repeat(300)}`])(
    "may have the scope %s",
    async (scope) => {
      await create(scope, { old: true });
      expect((await change("PUT", scope, { scope, config: { now: true } })).json.scope).toBe(scope);
      expect((await find(scope)).json.configs[0].config).toEqual({ now: true });
    },
  );

  it.each([
    ["no scope", { config: {} }],
    ["no config", { scope: "s" }],
    ["a config that is not an object", { scope: "s", config: [] }],
    ["a body that is not an object", []],
    ["no JSON", "nope"],
  ])("refuse %s with the documented envelope", async (_what, body) => {
    const answer = await zis.call("POST", CONFIGS, token, body);
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0]).toMatchObject({ code: "1010", status: "400" });
  });

  it("refuse a scope twice", async () => {
    await create("s", {});
    expect((await create("s", {})).status).toBe(409);
  });
});
