/** The flows' check of the settings, in jq, and the schema say the same. */
import { Ajv } from "ajv";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, Settings } from "#contract/settings/settings";
import { migrateSettings, NEW_IN_4 } from "#contract/settings/migrations";
import { loadSettings } from "#bundle/builders/settings";
import { createJq } from "#zis/engine/jq";
import type { Json, JsonObject } from "#zis/model/json";

const jq = createJq();
afterAll(() => jq.close());

const isSettings = new Ajv({ strict: true, allErrors: true }).compile(Settings);

/** The jq program of the preamble. */
const program = (() => {
  const states = loadSettings({ subject: "Ticket 1", next: "Next" }).states("Load");
  const check = states["Load: check"];
  if (check?.Type !== "Action") throw new Error("the preamble has no check");
  return check.Parameters?.["expr"] as string;
})();

interface Verdict {
  readonly ok: boolean;
  readonly problem: string;
}

async function check(document: Json): Promise<JsonObject & Verdict> {
  const effect = { kind: "jq", expr: program, data: document } as const;
  const outcome = await jq.perform(effect, new AbortController().signal);
  if (!outcome.ok) throw new Error(outcome.error);
  return outcome.result as JsonObject & Verdict;
}

/** Whether server and schema accept it, and the members that the schema finds fault with. */
function expected(document: JsonObject): { readonly ok: boolean; readonly members: string[] } {
  const migrated = migrateSettings(document);
  if (!migrated.ok) return { ok: false, members: ["version"] };
  if (isSettings(migrated.document)) return { ok: true, members: [] };
  const members = (isSettings.errors ?? []).map(
    ({ instancePath, params }) =>
      instancePath.split("/")[1] ??
      String(params["missingProperty"] ?? params["additionalProperty"]),
  );
  return { ok: false, members: [...new Set(members)].sort() };
}

const id = fc.oneof(
  fc.integer({ min: -1, max: 2 ** 53 - 1 }),
  fc.constantFrom<Json>("1", "0", "01", "1\n", "\n1", "1x", "9".repeat(19), "9".repeat(20), 1.5),
  fc.constantFrom<Json>(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1, null, true, [1]),
);

/** Values near what members of settings are. */
const value: fc.Arbitrary<Json> = fc.oneof(
  id,
  fc.array(id, { maxLength: 3 }),
  fc.array(fc.constantFrom<Json>("case_number", "external_id", "requester_email", "name"), {
    maxLength: 4,
  }),
  fc.constantFrom<Json>("nothing", "tag", "note", "Note", "", " ", "A__c", "A\n", "1A", "é"),
  fc.constantFrom<Json>("a".repeat(80), "a".repeat(81), "a".repeat(255), "a".repeat(256)),
  fc.constantFrom<Json>(["a".repeat(255)], ["a".repeat(256)], ["😀".repeat(255)], [""], [null]),
  fc.constantFrom<Json>(Array(100).fill("t"), Array(101).fill("t"), Array(101).fill(1), {}, [{}]),
  fc.constantFrom<Json>(0, 1, 2, 3, 1.5, -0, 2_147_483_647, 2_147_483_648, 1e300, true, false),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

const memberName = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...Object.keys(DEFAULT_SETTINGS)) },
  { weight: 1, arbitrary: fc.constantFrom("ok", "problem", "Enabled", "constructor", "") },
);

/** The default settings with some members changed, added or taken away. */
const document = fc
  .record({
    version: fc.constantFrom<Json>(3, 3, 3, 1, 2, 4, "2"),
    changes: fc.dictionary(memberName, value, { maxKeys: 3 }),
    removed: fc.subarray(Object.keys(DEFAULT_SETTINGS), { maxLength: 2 }),
  })
  .map(({ version, changes, removed }) => {
    const kept = Object.entries({ ...DEFAULT_SETTINGS, version, ...changes });
    return Object.fromEntries(kept.filter(([name]) => !removed.includes(name)));
  });

describe("the flows' check of the settings", () => {
  it("agrees with schema and migrations on every document, and names each wrong member", async () => {
    await fc.assert(
      fc.asyncProperty(document, async (drawn) => {
        const { ok, problem } = await check(drawn);
        const { ok: accepted, members } = expected(drawn);

        expect(ok, problem).toBe(accepted);
        for (const member of members) expect(problem).toContain(`${member}: `);
      }),
      { seed: 4, numRuns: 800 },
    );
  });

  const third: JsonObject = Object.fromEntries(
    Object.entries({ ...DEFAULT_SETTINGS, version: 3, revision: 5 }).filter(
      ([name]) => !(name in NEW_IN_4),
    ),
  );
  const { sweep_old_tickets: _new, ...second } = { ...third, version: 2 } as JsonObject;
  it.each<[string, JsonObject]>([
    ["1", { version: 1, enabled: true, ignore_tags: ["x"], case_number_field_id: 17 }],
    ["2", second],
    ["3", third],
  ])("gives the document that the server's migrations give of version %s", async (_, old) => {
    const { ok, problem, ...settings } = await check(old);

    expect({ ok, problem }).toEqual({ ok: true, problem: "" });
    expect(migrateSettings(old)).toEqual({ ok: true, document: settings });
  });

  it.each<[string, JsonObject, string]>([
    ["enabled", { enabled: "yes" }, "enabled: expected true or false"],
    ["revision", { revision: 0 }, "revision: expected a whole number from 1 to 2147483647"],
    ["forms", { forms: ["x"] }, "forms: expected a list of 0 to 100: a whole number from 1"],
    [
      "on_ambiguous",
      { on_ambiguous: "mail" },
      'on_ambiguous: expected "nothing" or "tag" or "note"',
    ],
    ["match_order", { match_order: [] }, "match_order: expected a list of"],
    ["an id with a line break", { case_number_field_id: "17\n" }, "case_number_field_id: expected"],
    ["a name with a line break", { case_external_id_field: "A__c\n" }, "case_external_id_field: "],
    ["a member that vouches for the others", { ok: true, enabled: 1 }, "enabled: expected true"],
    ["version", { version: 5 }, "version: expected 4"],
    ["an unknown member", { colour: "red" }, "colour: no such setting"],
  ])("says what was expected of %s", async (_member, change, says) => {
    const { ok, problem } = await check({ ...DEFAULT_SETTINGS, ...change });

    expect(ok).toBe(false);
    expect(problem).toContain(says);
  });

  it.each<Json>([null, [], 17, true])("calls %j no settings", async (document) => {
    expect(await check(document)).toEqual({ ok: false, problem: "expected an object" });
  });
});
