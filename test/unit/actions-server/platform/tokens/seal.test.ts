/** Does sealed text open only with the right key, in the right place, and unharmed? */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { parseKeyRing, type KeyRing } from "#platform/tokens/seal";

const OLD = `old:${Buffer.alloc(32, 1).toString("base64")}`;
const NEW = `new:${Buffer.alloc(32, 2).toString("base64")}`;

function ring(text: string): KeyRing {
  const keys = parseKeyRing(text);
  if (typeof keys === "string") throw new Error(keys);
  return keys;
}

describe("a key ring", () => {
  it("opens what it sealed, in its context only", () => {
    const keys = ring(OLD);
    const sealed = keys.seal("tökén", "acme:zendesk");
    expect(sealed).not.toContain("tökén");
    expect(keys.open(sealed, "acme:zendesk")).toEqual({ text: "tökén", stale: false });
    expect(keys.open(sealed, "acme:salesforce")).toBeUndefined();
    expect(keys.open(sealed, "other:zendesk")).toBeUndefined();
  });

  it("seals the same text differently each time", () => {
    const keys = ring(OLD);
    expect(keys.seal("t", "c")).not.toBe(keys.seal("t", "c"));
  });

  it("opens with every key and seals with the first", () => {
    const sealed = ring(OLD).seal("t", "c");
    const both = ring(`${NEW}, ${OLD}`);
    expect(both.open(sealed, "c")).toEqual({ text: "t", stale: true });
    const again = both.seal("t", "c");
    expect(ring(NEW).open(again, "c")).toEqual({ text: "t", stale: false });
    expect(ring(OLD).open(again, "c")).toBeUndefined();
  });

  it("refuses text that was changed in any one place", () => {
    const keys = ring(OLD);
    const sealed = keys.seal("token", "c");
    for (let index = 0; index < sealed.length; index += 1) {
      // Another character for sure, and more than the bits that base64url leaves unused at an end.
      const other = sealed[index] === "A" ? "z" : "A";
      const changed = sealed.slice(0, index) + other + sealed.slice(index + 1);
      const opened = keys.open(changed, "c");
      expect(opened === undefined || opened.text === "token").toBe(true);
    }
    for (const broken of ["", "old", "old.", sealed.slice(0, -4), `${sealed}AAAA`, `x${sealed}`]) {
      expect(keys.open(broken, "c")).toBeUndefined();
    }
  });

  it("refuses a tag that was cut short", () => {
    const keys = ring(OLD);
    const [id, nonce, tag = "", body] = keys.seal("token", "c").split(".");
    const short = Buffer.from(tag, "base64url").subarray(0, 4).toString("base64url");
    expect(keys.open([id, nonce, short, body].join("."), "c")).toBeUndefined();
  });

  it.each([
    ["", "has a wrong key in place 1"],
    ["old", "has a wrong key in place 1"],
    [`${OLD},new:AAAA`, "has a wrong key in place 2"],
    [`o ld:${OLD.slice(4)}`, "has a wrong key in place 1"],
    [`${OLD},${OLD}`, "has two keys with the id of place 2"],
  ])("says what is wrong with %j, and no more", (text, problem) => {
    const said = parseKeyRing(text);
    expect(said).toContain(problem);
    expect(said).not.toContain("AQEB");
  });

  it("shows no key, however it is printed", () => {
    expect(inspect(ring(OLD), { depth: 9, showHidden: true })).not.toMatch(/AQEB|01 01 01/);
  });
});
