import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMask, maskedCredential } from "#zis/services/mask";

describe("createMask", () => {
  it.each([
    [
      ["s3cret"],
      { a: ["Bearer s3cret", 5, null], s3cret: true },
      { a: ["Bearer *****", 5, null], s3cret: true },
    ],
    [["abc"], ["abc", "an abc", "Bearer abc"], ["*****", "an abc", "Bearer *****"]],
    [["token", "token-longer"], "x token-longer y token", "x ***** y *****"],
    [[""], "nothing", "nothing"],
    [
      ['a"b\\\n'],
      ['say a"b\\\n now', String.raw`{"p":"a\"b\\\n"}`],
      ["say ***** now", '{"p":"*****"}'],
    ],
  ])("with %j makes of %j %j", (secrets, value, masked) => {
    expect(createMask(secrets)(value)).toEqual(masked);
  });

  const json = (text: string) => JSON.stringify(text).slice(1, -1);
  const form = (text: string) => new URLSearchParams({ q: text }).toString().slice(2);
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const SECRET = 'pä"ss w/ö+rd\\\\ \t&%25 =\u{1f600}!';

  it.each([
    ["JSON", json],
    ["JSON in JSON", (text: string) => json(json(text))],
    ["JSON in JSON in JSON", (text: string) => json(json(json(text)))],
    ["a part of a URL", encodeURIComponent],
    ["small letters in a URL", (text: string) => encodeURIComponent(text).toLowerCase()],
    ["a URL in a URL", (text: string) => encodeURIComponent(encodeURIComponent(text))],
    ["a form", form],
    ["JSON in a form", (text: string) => form(json(text))],
    ["JSON in ASCII", (text: string) => json(text).replaceAll(/[^ -~]/g, unicodeEscape)],
    [
      "JSON in ASCII in JSON",
      (text: string) => json(json(text).replaceAll(/[^ -~]/g, unicodeEscape)),
    ],
  ])("hides a secret with odd characters in %s", (_name, write) => {
    const shown = createMask([SECRET])(`before ${write(SECRET)} after`);
    expect(shown).toMatch(/^before \\*\*\*\*\*\* after$/);
  });

  it.each(["", "u:", "us:", "user:", "a:b:"])("hides a secret in base64 after %j", (before) => {
    const mask = createMask(["s3cret?>of me"]);
    for (const alphabet of ["base64", "base64url"] as const) {
      const shown = mask(`Basic ${Buffer.from(`${before}s3cret?>of me.`).toString(alphabet)}`);
      expect(shown).toContain("*****");
      expect(Buffer.from(shown, "base64").toString("latin1")).not.toContain("cret");
    }
  });

  it("hides a secret in any order of JSON and URL escapes", () => {
    const writers = fc.array(fc.constantFrom(json, form, encodeURIComponent), { maxLength: 3 });
    const secret = fc.string({ minLength: 4, unit: "grapheme" });
    fc.assert(
      fc.property(secret, writers, (text, steps) => {
        const written = steps.reduce((value, write) => write(value), text);
        const shown = createMask([text])(`<${written}>`);
        expect(shown).toMatch(/^<(\\|%(25)*5C)*\*\*\*\*\*>$/i);
      }),
    );
  });

  it("leaves texts alone that only resemble a secret, however long they are", () => {
    const mask = createMask(["\\\\abcd", base64("another secret")]);
    const text = "\\".repeat(20_000) + "%25".repeat(20_000) + "abc".repeat(20_000);
    expect(mask(text)).toBe(text);
  });
});

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

it.each([
  ["Bearer a", "Bearer *****"],
  ["Basic dTpw", "Basic *****"],
  ["k", "*****"],
])("maskedCredential of %j is %j", (value, shown) => {
  expect(maskedCredential(value)).toBe(shown);
});
