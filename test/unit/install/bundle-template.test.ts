import { describe, expect, it } from "vitest";
import { buildBundle } from "#bundle/index";
import { contentOf, stampBundle, stampOf } from "#install/bundle-stamp";
import {
  createTemplate,
  fillTemplate,
  hashContent,
  TEMPLATE_OPTIONS,
} from "#install/bundle-template";
import { canonicalJson } from "#install/canonical-json";
import type { Bundle } from "#zis/model/bundle";

const OPTIONS = { integration: "caseqa_acme", serverUrl: "https://qa.acme.example:8443" };
const template = await createTemplate(buildBundle(TEMPLATE_OPTIONS));

describe("filling a template", () => {
  it("gives what building for the account gives", async () => {
    expect(await fillTemplate(template, OPTIONS)).toEqual(buildBundle(OPTIONS));
  });

  it("survives being embedded as JSON", async () => {
    const embedded = JSON.parse(JSON.stringify(template)) as typeof template;
    expect(await fillTemplate(embedded, OPTIONS)).toEqual(buildBundle(OPTIONS));
  });

  it.each([
    ["a damaged template", { ...template, sha256: "0".repeat(64) }, OPTIONS, /hash differs/],
    ["a bad name", template, { ...OPTIONS, integration: "Acme" }, /is not an integration name/],
    [
      "a path",
      template,
      { ...OPTIONS, serverUrl: "https://a.example/x" },
      /is not a server's address/,
    ],
    [
      "a user",
      template,
      { ...OPTIONS, serverUrl: "https://u:p@a.example" },
      /is not a server's address/,
    ],
    ["a quote", template, { ...OPTIONS, serverUrl: 'https://a"b' }, /still holds|no server/],
  ])("refuses %s", async (what, given, options, message) => {
    if (what === "a quote") {
      // It cannot break out: it is a value, not a part of a text.
      const filled = JSON.stringify(await fillTemplate(given, options));
      expect(Object.keys((JSON.parse(filled) as Bundle).resources)).toEqual(
        Object.keys(template.bundle.resources),
      );
      return;
    }
    await expect(fillTemplate(given, options)).rejects.toThrow(message);
  });

  it.each([
    ["inside a text", { description: `see ${TEMPLATE_OPTIONS.serverUrl}/x` }],
    ["in a name", { [`x${TEMPLATE_OPTIONS.integration}`]: 1 }],
    ["torn", { description: "caseqa-template-" }],
    ["an origin that only begins so", { description: `${TEMPLATE_OPTIONS.serverUrl}.evil` }],
  ])("refuses a placeholder that survives: %s", async (_what, more) => {
    const odd = await createTemplate({ ...template.bundle, ...more });
    await expect(fillTemplate(odd, OPTIONS)).rejects.toThrow(/placeholder at/);
  });
});

describe("hash and stamp", () => {
  const bundle = buildBundle(OPTIONS);

  it("the stamp does not change the hash, and is replaced by the next", async () => {
    const hash = await hashContent(bundle);
    const stamp = { hash, uploadedAt: "2026-11-25T10:00:00.000Z" };
    const stamped = stampBundle(stampBundle(bundle, { ...stamp, hash: "1".repeat(64) }), stamp);
    expect(stampOf(stamped.description)).toEqual(stamp);
    expect(await hashContent(stamped)).toBe(hash);
    expect(contentOf(stamped)).toEqual(bundle);
  });

  it("what the registry adds and the order of members do not count; content does", async () => {
    const hash = await hashContent(bundle);
    const { name, ...rest } = bundle;
    const read = { uuid: "u", integration: "i", ...rest, name } as Bundle;
    expect(await hashContent(read)).toBe(hash);
    expect(await hashContent({ ...bundle, name: "Other" })).not.toBe(hash);
  });

  it("takes no other text for a stamp", () => {
    expect(stampOf(undefined)).toBeNull();
    expect(stampOf("x [caseqa sha256:12 uploaded:now]")).toBeNull();
  });
});

describe("canonical JSON", () => {
  it("sorts members at every depth and keeps lists", () => {
    const one = { b: [{ d: 1, c: 2 }], a: "ä", n: null, u: undefined };
    expect(canonicalJson(one)).toBe('{"a":"ä","b":[{"c":2,"d":1}],"n":null}');
  });
});
