import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, Settings } from "#contract/settings/settings";
import { readSettings } from "#subjects/settings/read-settings";
import { checkSettings, importSettings } from "#install/settings-check";

describe("checking settings", () => {
  it("names every wrong field", () => {
    const checked = checkSettings({
      ...DEFAULT_SETTINGS,
      revision: 0,
      forms: [1, "x"],
      match_order: [],
      on_ambiguous: "shout",
      case_external_id_field: "1bad",
      more: true,
    });
    expect(checked).toMatchObject({ ok: false });
    const fields = checked.ok ? [] : checked.problems.map(({ field }) => field);
    expect(fields.toSorted()).toEqual([
      "case_external_id_field",
      "forms/1",
      "match_order",
      "more",
      "on_ambiguous",
      "revision",
    ]);
  });

  it.each([
    ["case_number_field_id", "x", 'expected a whole number of a ticket field, or null, not "x"'],
    [
      "case_external_id_field",
      "1bad",
      'expected the API name of a field of Case, such as Zendesk_Ticket_Id__c, or null, not "1bad"',
    ],
    ["on_ambiguous", {}, 'expected "nothing", "tag" or "note", not {}'],
    ["enabled", "false", 'expected true or false, not "false"'],
    ["forms", "12", 'expected a list of at most 100 ids of ticket forms, not "12"'],
    [
      "match_order",
      [],
      'expected a list of one to three of "case_number", "external_id" and "requester_email", each once, not []',
    ],
  ])("says what %s takes", (field, value, message) => {
    expect(checkSettings({ ...DEFAULT_SETTINGS, [field]: value })).toEqual({
      ok: false,
      problems: [{ field, message }],
    });
  });

  it("never answers in the language of schemas", () => {
    const values = [null, true, -1, 1.5, "", "x y", [null], [[]], {}, [{}], Array(101).fill(1)];
    const fields = Object.keys(DEFAULT_SETTINGS).filter((field) => field !== "version");
    for (const field of fields) {
      for (const value of values) {
        const checked = checkSettings({ ...DEFAULT_SETTINGS, [field]: value });
        for (const { message } of checked.ok ? [] : checked.problems) {
          expect(message).not.toMatch(/\^|\\|object|pattern|integer|string|array/);
        }
      }
    }
  });

  it("names the limits of the schema", () => {
    for (const field of ["ignore_tags", "forms", "brands", "groups"] as const) {
      expect(Settings.properties[field]).toMatchObject({ maxItems: 100 });
    }
    expect(Settings.properties.match_order).toMatchObject({ minItems: 1, maxItems: 3 });
    expect(Settings.properties.revision).toMatchObject({ minimum: 1, maximum: 2_147_483_647 });
  });

  it("migrates the older form and refuses a newer one", () => {
    expect(checkSettings({ version: 1, enabled: false })).toMatchObject({
      ok: true,
      migratedFrom: 1,
      settings: { version: 4, enabled: false },
    });
    expect(checkSettings({ version: 5 })).toMatchObject({
      ok: false,
      problems: [{ field: "version" }],
    });
  });

  it("reads a file's text", () => {
    expect(importSettings(JSON.stringify(DEFAULT_SETTINGS))).toMatchObject({ ok: true });
    expect(importSettings("{")).toMatchObject({
      ok: false,
      problems: [{ field: "", message: expect.stringMatching(/^expected JSON/) }],
    });
    expect(importSettings("[]")).toMatchObject({ ok: false });
  });

  it("agrees with the server on any document", () => {
    const value = fc.oneof(
      fc.constantFrom(null, true, 0, 1, -1, 2, 3_000_000_000, 1.5, "", "x", "tag", "7", "A__c"),
      fc.array(fc.constantFrom(1, "7", "x", "", null, "case_number", "external_id"), {
        maxLength: 4,
      }),
      fc.constant({}),
      fc.string({ unit: "grapheme", minLength: 250, maxLength: 260 }).map((text) => [text]),
    );
    const field = fc.constantFrom(...Object.keys(Settings.properties), "more", "__proto__x");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(field, value), { maxLength: 3 }),
        fc.array(field, { maxLength: 1 }),
        (changes, missing) => {
          const document: Record<string, unknown> = { ...DEFAULT_SETTINGS };
          for (const [name, other] of changes) document[name] = other;
          for (const name of missing) delete document[name];
          expect(checkSettings(document).ok).toBe(readSettings(document).ok);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
