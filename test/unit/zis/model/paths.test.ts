import { describe, expect, it } from "vitest";
import { parsePath, placeholders, readPath, writePath } from "#zis/model/paths";
import type { Json } from "#zis/model/json";

const segments = (text: string) => {
  const parsed = parsePath(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.segments;
};

describe("parsePath", () => {
  it.each<[string, (string | number)[]]>([
    ["$", []],
    ["$.a.b", ["a", "b"]],
    ["$.a[0].b", ["a", 0, "b"]],
    ["$.a[0][12]", ["a", 0, 12]],
    ["$['odd key']", ["odd key"]],
    ['$["odd key"].x', ["odd key", "x"]],
    ["$['it\\'s']['back\\\\slash']", ["it's", "back\\slash"]],
    ["$['']", [""]],
    ["$['a.b]']", ["a.b]"]],
    ["$.connections.my-connection.access_token", ["connections", "my-connection", "access_token"]],
    ["$.001.größe", ["001", "größe"]],
    ["$.__proto__", ["__proto__"]],
    ["$.$", ["$"]],
  ])("reads %s", (text, expected) => {
    expect(parsePath(text)).toEqual({ ok: true, segments: expected });
  });

  it.each<[string, number, string]>([
    ["", 0, 'begins with "$"'],
    ["a.b", 0, 'begins with "$"'],
    [" $.a", 0, 'begins with "$"'],
    ["$a", 1, 'only "." or "["'],
    ["$.", 2, "member name"],
    ["$.a.", 4, "member name"],
    ["$..a", 2, '".."'],
    ["$.*", 2, "wildcard"],
    ["$.a b", 3, 'only "." or "["'],
    ["$.a[*]", 4, "wildcard"],
    ["$.a[?(@.b)]", 4, "filters"],
    ["$.a[-1]", 4, "negative"],
    ["$.a[1:2]", 5, "slices"],
    ["$.a[1,2]", 5, "unions"],
    ["$.a[", 4, "index or a quoted"],
    ["$.a[01]", 5, '"]"'],
    ["$.a[0", 5, '"]"'],
    ["$.a[99999999999999999999]", 4, "too large"],
    ["$['a", 4, "not closed"],
    ["$['a'", 5, '"]"'],
    ["$['a\\n']", 4, "backslash"],
  ])("refuses %j at %i", (text, position, message) => {
    expect(parsePath(text)).toEqual({
      ok: false,
      position,
      message: expect.stringContaining(message) as string,
    });
  });
});

describe("readPath", () => {
  const data: Json = { a: { b: null, list: [{ c: 1 }] }, 0: "member" };

  it.each<[string, Json]>([
    ["$", data],
    ["$.a.b", null],
    ["$.a.list[0].c", 1],
    ["$.0", "member"],
  ])("finds %s", (path, value) => {
    expect(readPath(data, segments(path))).toEqual({ found: true, value });
  });

  it.each([
    "$.x",
    "$.a.b.c",
    "$.a.list[1]",
    "$.a.list.length",
    "$[0]",
    "$.a[0]",
    "$.constructor",
    "$.a.__proto__",
  ])("does not find %s", (path) => {
    expect(readPath(data, segments(path))).toEqual({ found: false });
  });
});

describe("writePath", () => {
  it.each<[Json, string, Json]>([
    [{ a: 1 }, "$", 9],
    [{ a: 1 }, "$.b", { a: 1, b: 9 }],
    [{ a: 1 }, "$.a.b.c", { a: { b: { c: 9 } } }],
    [{ a: null }, "$.a.b", { a: { b: 9 } }],
    [[1, 2], "$.a", { a: 9 }],
    [{ a: [1, 2] }, "$.a[1]", { a: [1, 9] }],
    [{ a: [{ b: 1 }] }, "$.a[0].c", { a: [{ b: 1, c: 9 }] }],
  ])("writes into %j at %s", (data, path, expected) => {
    expect(writePath(data, segments(path), 9)).toEqual(expected);
  });

  it.each<[Json, string]>([
    [{ a: [1] }, "$.a[1]"],
    [{ a: {} }, "$.a[0]"],
    [{}, "$.a[0].b"],
  ])("does not make array elements in %j at %s", (data, path) => {
    expect(writePath(data, segments(path), 9)).toBeUndefined();
  });

  it("leaves the old data alone and shares what is not on the way", () => {
    const data = { a: { b: 1 }, other: { big: true } };
    const written = writePath(data, ["a", "b"], 2) as typeof data;
    expect(data).toEqual({ a: { b: 1 }, other: { big: true } });
    expect(written.other).toBe(data.other);
  });

  it("makes an own member of __proto__ and pollutes nothing", () => {
    const written = writePath({}, ["__proto__", "evil"], true) as object;
    expect(Object.keys(written)).toEqual(["__proto__"]);
    expect("evil" in {}).toBe(false);
    expect(readPath(written as Json, ["__proto__", "evil"])).toEqual({ found: true, value: true });
  });
});

describe("placeholders", () => {
  it("finds each path with its place in the text", () => {
    const text = "Hello {{$.name}}, {{ $.a[0] }}!";
    const found = placeholders(text);
    expect(found.map(({ start, end }) => text.slice(start, end))).toEqual([
      "{{$.name}}",
      "{{ $.a[0] }}",
    ]);
    expect(found.map(({ path }) => path)).toEqual(["$.name", "$.a[0]"]);
    expect(found[1]?.parsed).toEqual({ ok: true, segments: ["a", 0] });
  });

  it("says where a path in braces is wrong, counted from the path", () => {
    expect(placeholders("x {{$.a[*]}}")[0]?.parsed).toMatchObject({ ok: false, position: 4 });
  });

  it.each(["plain", "{$.a}", "{{name}}", "{{$.a", "{{}}", "{{ {{"])("finds none in %j", (text) => {
    expect(placeholders(text)).toEqual([]);
  });

  it("takes linear time on a text full of braces", () => {
    const began = performance.now();
    placeholders(`{{${"$ ".repeat(20_000)}`);
    placeholders("{{$".repeat(20_000));
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
