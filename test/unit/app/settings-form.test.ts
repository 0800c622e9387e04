import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, Settings } from "#contract/settings/settings";
import {
  moveItem,
  problemsByField,
  readList,
  readText,
  rebase,
  toggleId,
  withSetting,
} from "#app/src/settings/draft";
import { FIELDS, kindOf, sections } from "#app/src/settings/fields";
import { readNames } from "#install/account-names";
import { valueText } from "#app/src/settings/value-text";
import { ar } from "#app/src/texts/ar";
import { en } from "#app/src/texts/en";

describe("the fields", () => {
  const names = Object.keys(Settings.properties).filter(
    (name) => name !== "version" && name !== "revision",
  );

  it("are the schema's, each in one section", () => {
    const placed = sections().flatMap(({ fields }) => fields.map(({ name }) => name));
    expect(placed.toSorted()).toEqual(names.toSorted());
  });

  it.each([
    ["enabled", "switch"],
    ["ignore_tags", "texts"],
    ["brands", "ids"],
    ["case_number_field_id", "id"],
    ["case_external_id_field", "text"],
    ["match_order", "order"],
    ["on_ambiguous", "choice"],
  ])("%s is a %s", (name, kind) => {
    expect(FIELDS.find((field) => field.name === name)?.kind.kind).toBe(kind);
  });

  it.each([
    ["English", en.settings],
    ["Arabic", ar.settings],
  ])("have a label, a help and words for every choice in %s", (_, texts) => {
    const options = FIELDS.flatMap(({ kind }) => ("options" in kind ? kind.options : []));
    expect(Object.keys(texts.label).toSorted()).toEqual(names.toSorted());
    expect(Object.keys(texts.help).toSorted()).toEqual(names.toSorted());
    for (const option of options) expect(texts.choice[option], option).toBeTypeOf("string");
  });

  it("refuse a schema that there is no input for", () => {
    expect(() => kindOf({ type: "object" })).toThrow(/no input for the schema/);
    expect(() => kindOf({ type: "array", items: { type: "boolean" } })).toThrow(/no input/);
  });
});

describe("a draft", () => {
  it("reads lists and texts as they are typed", () => {
    expect(readList(" a b \r\n\n c ", "line")).toEqual(["a b", "c"]);
    expect(readList("1, 2;3\n4  ", "id")).toEqual(["1", "2", "3", "4"]);
    expect(readText("  ", true)).toBeNull();
    expect(readText("  ", false)).toBe("");
    expect(readText(" a ", true)).toBe("a");
  });

  it("adds and takes ids out, whatever their form", () => {
    expect(toggleId([1, "2"], "1", false)).toEqual(["2"]);
    expect(toggleId([1], "1", true)).toEqual([1]);
    expect(toggleId([1], "3", true)).toEqual([1, "3"]);
  });

  it("moves an item and keeps the others in order", () => {
    const three = fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(three, fc.nat(5), fc.nat(5), (items, a, b) => {
        const [from, to] = [a % items.length, b % items.length];
        const moved = moveItem(items, from, to);
        expect(moved[to]).toBe(items[from]);
        const others = (list: readonly string[]) => list.filter((item) => item !== items[from]);
        expect(others(moved)).toEqual(others(items));
      }),
    );
  });

  it("keeps my changes on top of theirs, and theirs where I changed nothing", () => {
    const mine = withSetting(DEFAULT_SETTINGS, "enabled", false);
    const theirs = {
      ...DEFAULT_SETTINGS,
      revision: 5,
      on_ambiguous: "tag" as const,
      enabled: true,
    };
    expect(rebase(DEFAULT_SETTINGS, mine, theirs)).toEqual({ ...theirs, enabled: false });
  });

  it("puts problems of a list's elements to the list, the first of each field", () => {
    const problems = [
      { field: "forms/2", message: "no id" },
      { field: "forms/3", message: "no id" },
      { field: "", message: "no object" },
      { field: "enabled", message: "true or false" },
    ];
    expect([...problemsByField(problems)]).toEqual([
      ["forms", "3: no id"],
      ["", "no object"],
      ["enabled", "true or false"],
    ]);
  });
});

describe("names from Zendesk", () => {
  it("are read over all pages; what is refused takes ids instead", async () => {
    const asked: string[] = [];
    const names = await readNames(async ({ path }) => {
      asked.push(path);
      if (path.startsWith("/api/v2/ticket_forms")) return { status: 403, body: {} };
      if (path.startsWith("/api/v2/brands")) throw new Error("no answer");
      if (path.startsWith("/api/v2/ticket_fields")) {
        const ticket_fields = [
          { id: 1, type: "text", title: "Case number" },
          { id: 2, type: "checkbox", title: "Urgent" },
        ];
        return { status: 200, body: { ticket_fields } };
      }
      if (path.includes("page[after]=c2")) {
        return { status: 200, body: { groups: [{ id: 12, name: "B" }], meta: {} } };
      }
      const meta = { has_more: true, after_cursor: "c2" };
      return { status: 200, body: { groups: [{ id: 11, name: "A" }], meta } };
    });
    expect(names).toEqual({
      groups: [
        { id: "11", name: "A" },
        { id: "12", name: "B" },
      ],
      case_number_field_id: [{ id: "1", name: "Case number" }],
    });
    expect(asked).toHaveLength(5);
  });

  it.each([
    ["more without a cursor", { meta: { has_more: true, after_cursor: null } }],
    ["a next page without cursors", { next_page: "https://z/api/v2/groups.json?page=2" }],
  ])("%s: the names are unknown, since an id may be among the rest", async (_, more) => {
    const page = { groups: [{ id: 11, name: "A" }], ...more };
    const names = await readNames(async ({ path }) =>
      path.startsWith("/api/v2/groups") ? { status: 200, body: page } : { status: 403, body: {} },
    );
    expect(names).toEqual({});
  });

  it.each([
    ["null", null, 1],
    ["missing", undefined, 1],
    ["empty", "", 1],
    ["the same again", "c1", 2],
  ])("are not known in part: the cursor of the next page is %s", async (_what, cursor, pages) => {
    const asked: string[] = [];
    const names = await readNames(async ({ path }) => {
      if (!path.startsWith("/api/v2/groups")) return { status: 403, body: {} };
      asked.push(path);
      const meta = { has_more: true, after_cursor: cursor };
      return { status: 200, body: { groups: [{ id: 11, name: "A" }], meta } };
    });
    expect(names).toEqual({});
    expect(asked).toHaveLength(pages);
  });

  it("stand for ids where values are shown", () => {
    const names = { brands: [{ id: "7", name: "Acme" }] };
    expect(valueText(en, names, "brands", [7, "8"])).toBe("Acme, 8 (not found in Zendesk)");
    expect(valueText(en, names, "brands", [])).toBe("All");
    expect(valueText(en, {}, "ignore_tags", [])).toBe("none");
    expect(valueText(en, {}, "enabled", false)).toBe("Off");
    expect(valueText(en, {}, "case_number_field_id", null)).toBe("none");
    expect(valueText(en, {}, "on_ambiguous", "tag")).toBe("Add a tag");
  });
});
