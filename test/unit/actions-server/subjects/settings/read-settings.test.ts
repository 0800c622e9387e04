/** Are settings of every known version read, and wrong ones refused with the member and what it should be? */
import { assert, constantFrom, dictionary, jsonValue, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { readSettings } from "#subjects/settings/read-settings";

describe("readSettings", () => {
  it("takes the defaults as they are", () => {
    expect(readSettings({ ...DEFAULT_SETTINGS })).toEqual({ ok: true, settings: DEFAULT_SETTINGS });
  });

  it("brings version 1 to the form of today, with revision 1 and the defaults of what is new", () => {
    const first = {
      version: 1,
      enabled: false,
      ignore_tags: ["import"],
      case_number_field_id: 77,
      case_external_id_field: null,
    };
    expect(readSettings(first)).toEqual({
      ok: true,
      settings: { ...DEFAULT_SETTINGS, ...first, version: 4, revision: 1 },
    });
  });

  it("brings version 2 to the form of today: old tickets are left alone", () => {
    const { sweep_old_tickets: _new, ...second } = { ...DEFAULT_SETTINGS, version: 2 };
    expect(readSettings(second)).toEqual({ ok: true, settings: DEFAULT_SETTINGS });
  });

  it("does not repeat a version of any size", () => {
    expect(readSettings({ version: "9".repeat(1_000_000) })).toEqual({
      ok: false,
      problem: "version: expected one of 1, 2, 3, 4, found a text",
    });
  });

  it.each([
    [{}, "version: expected one of 1, 2, 3, 4, found nothing"],
    [{ version: [1] }, "version: expected one of 1, 2, 3, 4, found a list"],
    [{ version: { a: 1 } }, "version: expected one of 1, 2, 3, 4, found {…}"],
    [{ version: 5 }, "version: expected one of 1, 2, 3, 4, found 5"],
    [{ version: "2" }, 'version: expected one of 1, 2, 3, 4, found "2"'],
    [{ ...DEFAULT_SETTINGS, revision: 0 }, "settings.revision must be >= 1"],
    [{ ...DEFAULT_SETTINGS, enabled: "yes" }, "settings.enabled must be boolean"],
    [
      { ...DEFAULT_SETTINGS, on_ambiguous: "mail" },
      'settings.on_ambiguous must be "nothing" or must be "tag" or must be "note"',
    ],
    [
      { ...DEFAULT_SETTINGS, match_order: [] },
      "settings.match_order must NOT have fewer than 1 items",
    ],
    [
      { ...DEFAULT_SETTINGS, match_order: ["case_number", "case_number"] },
      "settings.match_order must NOT have duplicate items (items ## 0 and 1 are identical)",
    ],
    [
      { ...DEFAULT_SETTINGS, ignore_tag: [] },
      'settings has no member "ignore_tag"; did you mean ignore_tags?',
    ],
    [{ ...DEFAULT_SETTINGS, forms: [1.5] }, "settings.forms[0] must be integer or must be string"],
    [{ version: 4 }, "settings.revision is missing"],
  ])("says of %j: %s", (document, problem) => {
    expect(readSettings(document)).toEqual({ ok: false, problem });
  });

  it("says yes or names the member, whatever one member is", () => {
    const names = Object.keys(DEFAULT_SETTINGS);
    assert(
      property(constantFrom(...names), jsonValue(), (name, value) => {
        const read = readSettings({ ...DEFAULT_SETTINGS, [name]: value });
        if (read.ok) expect(read.settings).toMatchObject({ [name]: value });
        else expect(read.problem).toMatch(new RegExp(`^(settings\\.)?${name}\\b`));
      }),
    );
  });

  it("never throws, whatever the document", () => {
    assert(
      property(
        record({
          version: constantFrom(1, 2, 3, 4),
          more: dictionary(constantFrom("enabled", "forms", "__proto__", "x"), jsonValue()),
        }),
        ({ version, more }) => {
          expect(typeof readSettings({ ...more, version }).ok).toBe("boolean");
        },
      ),
    );
  });

  it("shows no value of a member that is wrong", () => {
    const read = readSettings({ ...DEFAULT_SETTINGS, case_external_id_field: "canary value" });
    expect(read).toMatchObject({ ok: false });
    expect(JSON.stringify(read)).not.toContain("canary");
  });
});
