import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startZis, type TestZis } from "./start-zis.ts";

let zis: TestZis;
let token: Record<string, string>;
beforeEach(async () => {
  zis = await startZis();
  token = await zis.integrate();
});
afterEach(() => zis.close());

const create = (left: unknown, right: unknown, link_type = "ticket_case") =>
  zis.call("POST", "/links/acme", token, {
    link_type,
    left_object: { name: left },
    right_object: { name: right, metadata: { ID: 1 } },
  });
const search = (query: Record<string, string>) =>
  zis.call(
    "GET",
    `/links/acme?${new URLSearchParams({ link_type: "ticket_case", ...query }).toString()}`,
    token,
  );
const identity = (left: string, right: string) =>
  new URLSearchParams({
    link_type: "ticket_case",
    left_object_name: left,
    right_object_name: right,
  }).toString();
const names = (answer: { json: { links: { right_object: { name: string } }[] } }) =>
  answer.json.links.map((link) => link.right_object.name);

describe("links", () => {
  it("are created, with ids and names as strings", async () => {
    const { status, json } = await create(1234567, "case:9");
    expect(status).toBe(201);
    expect(json.link).toEqual({
      id: expect.stringMatching(/^\d+$/),
      uuid: expect.any(String),
      account_id: 12345,
      integration: "acme",
      link_type: "ticket_case",
      left_object: { name: "1234567" },
      right_object: { name: "case:9", metadata: { ID: 1 } },
      created_at: "2026-05-04T10:00:00.000Z",
      updated_at: "2026-05-04T10:00:00.000Z",
    });
  });

  it("are found by either name, by both, and by wildcards", async () => {
    await create("ticket:1", "case:1");
    await create("ticket:1", "case:2");
    await create("ticket:2", "case:3");
    await create("ticket:1", "case:9", "other_type");
    const byName = async (left?: string, right?: string) =>
      names(
        await search({
          ...(left !== undefined && { left_object_name: left }),
          ...(right !== undefined && { right_object_name: right }),
        }),
      );
    expect(await byName("ticket:1")).toEqual(["case:1", "case:2"]);
    expect(await byName(undefined, "case:3")).toEqual(["case:3"]);
    expect(await byName("ticket:1", "case:2")).toEqual(["case:2"]);
    expect(await byName("ticket:*", "*3")).toEqual(["case:3"]);
    expect(await byName("*")).toHaveLength(3);
    expect(await byName("ticket:3")).toEqual([]);
  });

  it.each([
    ["link_type", "left_object_name=x"],
    ["left_object_name or right_object_name", "link_type=x"],
  ])("cannot be searched without %s", async (missing, query) => {
    const answer = await zis.call("GET", `/links/acme?${query}`, token);
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].detail).toContain(missing);
  });

  it("come in pages of 20, at most 100, from the oldest on", async () => {
    for (let i = 0; i < 101; i += 1) await create("ticket:1", `case:${i}`);
    const first = await search({ left_object_name: "ticket:1" });
    expect(first.json.links).toHaveLength(20);
    expect(first.json.meta).toMatchObject({ has_more: true });
    const all = await search({ left_object_name: "ticket:1", "page[size]": "1000" });
    expect(all.json.links).toHaveLength(100);
    const last = await search({
      left_object_name: "ticket:1",
      "page[size]": "100",
      "page[after]": all.json.meta.after,
    });
    expect(names(last)).toEqual(["case:100"]);
    expect(last.json.meta).toMatchObject({ has_more: false });
    const back = await search({
      left_object_name: "ticket:1",
      "page[size]": "2",
      "page[before]": last.json.meta.before,
    });
    expect(names(back)).toEqual(["case:98", "case:99"]);
    expect((await search({ left_object_name: "x", "page[size]": "0" })).status).toBe(400);
  });

  it("exist once for a type and two names, or are answered again by the switch", async () => {
    await create("ticket:1", "case:1");
    expect((await create("ticket:1", "case:1")).status).toBe(409);
    const lenient = await startZis({ serviceSwitches: { duplicateLink: "ok" } });
    const own = await lenient.integrate();
    const body = { link_type: "abc", left_object: { name: "one" }, right_object: { name: "two" } };
    const first = await lenient.call("POST", "/links/acme", own, body);
    const second = await lenient.call("POST", "/links/acme", own, body);
    expect(second.json).toEqual(first.json);
    await lenient.close();
  });

  it("are changed by PATCH: one side keeps what is not named", async () => {
    await create("ticket:1", "case:1");
    await create("ticket:1", "case:2");
    const patch = (to: string) =>
      zis.call("PATCH", `/links/acme?${identity("ticket:1", "case:1")}`, token, {
        right_object: { name: to },
      });
    expect((await patch("case:2")).status).toBe(409);
    expect((await patch("case:3")).json.link.right_object).toEqual({
      name: "case:3",
      metadata: { ID: 1 },
    });
    expect(names(await search({ left_object_name: "ticket:1" }))).toEqual(["case:3", "case:2"]);
    expect(names(await search({ right_object_name: "case:1" }))).toEqual([]);
    expect((await patch("case:4")).status).toBe(404);
  });

  it("are deleted with 204, then unknown", async () => {
    await create("ticket:1", "case:1");
    const path = `/links/acme?${identity("ticket:1", "case:1")}`;
    expect((await zis.call("DELETE", path, token)).status).toBe(204);
    expect((await zis.call("DELETE", path, token)).status).toBe(404);
    expect(names(await search({ left_object_name: "ticket:1" }))).toEqual([]);
    expect((await create("ticket:1", "case:1")).status).toBe(201);
  });

  it.each([
    ["a name of two characters", { name: "ab" }],
    ["a name of 257 characters", { name: "a".repeat(257) }],
    ["no name", { metadata: {} }],
    ["metadata that is not an object", { name: "abc", metadata: 1 }],
    ["no object", "abc"],
  ])("refuse %s", async (_what, left_object) => {
    const body = { link_type: "ticket_case", left_object, right_object: { name: "case:1" } };
    const answer = await zis.call("POST", "/links/acme", token, body);
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].detail).toContain("left_object");
  });

  it("belong to their integration", async () => {
    await create("ticket:1", "case:1");
    const other = await zis.integrate("other");
    const path = "/links/other?link_type=ticket_case&left_object_name=ticket:1";
    expect((await zis.call("GET", path, other)).json.links).toEqual([]);
  });
});
