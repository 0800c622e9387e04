import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkText, type CheckResult } from "#zis/check/check-text";
import { bundleOf, flowText } from "./bundles.ts";

/** Only a hang or a cost that grows with the square of the size takes so long, even on a busy machine. */
const SOON_MS = 20_000;

function timed(text: string): CheckResult & { ms: number } {
  const started = performance.now();
  const result = checkText(text);
  return { ...result, ms: performance.now() - started };
}

const FIVE_MB = 5_000_000;
const repeat = (piece: (index: number) => string, separator = ","): string => {
  const pieces: string[] = [];
  for (let size = 0; size < FIVE_MB;) {
    const next = piece(pieces.length);
    pieces.push(next);
    size += next.length + 1;
  }
  return pieces.join(separator);
};

describe("a huge or hostile bundle", () => {
  it.each<[string, () => string]>([
    [
      "a chain of states",
      () =>
        flowText(
          `"A":{"Type":"Pass","Next":"s0"},${repeat((n) => `"s${n}":{"Type":"Pass","Result":{"a":${n}},"ResultPath":"$.p${n}","Next":"s${n + 1}"}`)}`,
        ),
    ],
    [
      "Choices on many paths",
      () =>
        flowText(
          `"A":{"Type":"Pass","Next":"s0"},${repeat((n) => `"s${n}":{"Type":"Choice","Choices":[{"Variable":"$.k${n}","NumericEquals":1,"Next":"s${n + 1}"}],"Default":"s${n + 2}"}`)}`,
        ),
    ],
    [
      "states with nothing right",
      () => flowText(repeat((n) => `"s${n}":{"Typ":"Pass","Next":"t${n}"}`)),
    ],
    [
      "many flows that count without end",
      () =>
        `{"name":"b","zis_template_version":"2019-10-14","resources":{${repeat((n) => `"f${n}":{"type":"ZIS::Flow","properties":{"name":"f${n}","definition":{"StartAt":"a","States":{"a":{"Type":"Pass","Result":0,"ResultPath":"$.n","Next":"c"},"c":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":-1,"Next":"z"}],"Default":"j"},"j":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":".n + 1","data.$":"$"},"ResultPath":"$.n","Next":"c"},"z":{"Type":"Succeed"}}}}}`)}}}`,
    ],
    [
      "one Choice with many rules",
      () =>
        flowText(
          `"A":{"Type":"Choice","Default":"Z","Choices":[${repeat((n) => `{"Variable":"$.input.a","NumericEquals":${n},"Next":"Z"}`)}]},"Z":{"Type":"Succeed"}`,
        ),
    ],
    [
      "one huge Result",
      () =>
        flowText(
          `"A":{"Type":"Pass","ResultPath":"$.x","End":true,"Result":[${repeat(() => "1")}]}`,
        ),
    ],
    ["one name a million times", () => `{${repeat(() => '"a":1')}}`],
    [
      "one long text",
      () => flowText(`"A":{"Type":"Succeed","Message":"${"{{".repeat(FIVE_MB / 2)}"}`),
    ],
    ["not JSON at all", () => "{".repeat(FIVE_MB)],
    ["an array of objects", () => `[${repeat(() => "{}")}]`],
  ])(
    "of 5 MB is checked soon: %s",
    (_what, make) => {
      const text = make();
      expect(text.length).toBeGreaterThanOrEqual(FIVE_MB * 0.9);
      const { ms, findings } = timed(text);
      expect(ms).toBeLessThan(SOON_MS);
      expect(findings.length).toBeLessThanOrEqual(1001);
    },
    30_000,
  );

  it.each([
    ["arrays", "[".repeat(5000) + "]".repeat(5000)],
    ["objects", '{"a":'.repeat(5000) + "1" + "}".repeat(5000)],
    [
      "conditions",
      flowText(
        `"A":{"Type":"Choice","Choices":[${'{"Not":'.repeat(5000)}{}${"}".repeat(5000)}],"Default":"Z"},"Z":{"Type":"Succeed"}`,
      ),
    ],
    [
      "Iterators",
      flowText(
        `${'"A":{"Type":"Map","ItemsPath":"$.a","End":true,"Iterator":{"StartAt":"A","States":{'.repeat(1700)}"A":{"Type":"Succeed"}${"}}}".repeat(1700)}`,
      ),
    ],
    [
      "Parameters",
      flowText(
        `"A":{"Type":"Action","ActionName":"zis:int:action:act","End":true,"Parameters":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`,
      ),
    ],
  ])("of 5,000 nested %s is reported as too deep", (_what, text) => {
    expect(checkText(text).findings.map(({ rule }) => rule)).toContain("too-deep");
  });

  it.each([
    [
      "Iterators",
      flowText(
        `${'"A":{"Type":"Map","ItemsPath":"$.l","ResultPath":"$.m","End":true,"Iterator":{"StartAt":"A","States":{'.repeat(100)}"A":{"Type":"Succeed"}${"}}}".repeat(100)}`,
      ),
    ],
    [
      "conditions",
      flowText(
        `"A":{"Type":"Choice","Choices":[{${'"Not":{'.repeat(300)}"Variable":"$.input.a","IsNull":true${"}".repeat(300)},"Next":"Z"}],"Default":"Z"},"Z":{"Type":"Succeed"}`,
      ),
    ],
  ])("says nothing of its own about what it cut off: %s", (_what, text) => {
    const cutOff = [
      "iterator-jump",
      "dangling-next",
      "wrong-type",
      "missing-member",
      "malformed-choice-rule",
    ];
    const rules = checkText(text).findings.map(({ rule }) => rule);
    expect(rules).toContain("too-deep");
    expect(rules.filter((rule) => cutOff.includes(rule))).toEqual([]);
  });

  it("does not repeat a name of three million characters", () => {
    const { findings } = checkText(flowText(`"A":{"Type":"Pass","Next":"${"x".repeat(3e6)}"}`));
    const found = findings.find(({ rule }) => rule === "dangling-next");
    expect(found?.message).toMatch(/^Next names "x{190,200}\.\.\."/);
    expect(found?.message.length).toBeLessThan(300);
  });

  it("limits its findings and says how many more there are", () => {
    const { findings } = checkText(
      flowText(Array.from({ length: 3000 }, (_, n) => `"s${n}":{"Type":"Fail"}`).join()),
    );
    expect(findings).toHaveLength(1001);
    expect(findings.at(-1)).toMatchObject({ rule: "too-many-findings", severity: "error" });
  });

  it("never throws on random text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void checkText(text)));
  });

  it("never throws on a bundle whose parts are replaced by random JSON", () => {
    const whole = JSON.parse(
      flowText(
        `"A":{"Type":"Map","ItemsPath":"$.input.l","ResultPath":"$.m","Iterator":{"StartAt":"B","States":{"B":{"Type":"Succeed","Message":"{{$.x}}"}}},"Next":"C"},
         "C":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.m","IsNull":true},{"Not":{"Variable":"$.input.a","NumericEqualsPath":"$.m"}}],"Next":"D"}],"Default":"E"},
         "D":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":".n + 1","data.$":"$"},"ResultPath":"$.n","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"E"}],"Next":"G"},
         "E":{"Type":"Wait","SecondsPath":"$.input.s","Next":"F"},"F":{"Type":"Fail","Error":"e","Cause":"$.input"},
         "G":{"Type":"Action","ActionName":"zis:int:action:act","Parameters":{"id.$":"$.n"},"ResultPath":"$.r","Next":"H"},"H":{"Type":"Pass","Result":{"a":[1]},"ResultPath":"$.p","End":true}`,
        `"act":{"type":"ZIS::Action::Http","properties":{"name":"act","definition":{"method":"GET","url":"https://x.example/{{$.id}}","headers":[{"key":"a","value.$":"$.id"}],"requestBody":{"a.$":"$.id"}}}},
         "j":{"type":"ZIS::JobSpec","properties":{"name":"j","event_source":"s","event_type":"t","flow_name":"zis:int:flow:f"}}`,
      ),
    ) as unknown;
    const pointers = [...pathsOf(whole)];
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(
        "$.a",
        "$.a[",
        "{{$.a}}",
        "A",
        "",
        "Choice",
        "Map",
        "Action",
        "zis:common:transform:Jq",
        null,
        [],
        {},
        true,
      ),
    );
    const mutation = fc.tuple(fc.constantFrom(...pointers), odd);
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
        const bundle = mutations.reduce<unknown>(
          (value, [path, replacement]) => replaceAt(value, path, replacement),
          whole,
        );
        const { findings } = checkText(JSON.stringify(bundle) ?? "");
        for (const finding of findings) expect(finding.message).not.toMatch(/undefined|\[object/);
      }),
      { numRuns: 1500 },
    );
  });

  it("reports a text that is empty as not JSON", () => {
    expect(checkText("").findings).toMatchObject([{ rule: "not-json", line: 1, column: 1 }]);
  });
});

describe("speed", () => {
  it("checks a flow of 70 states in less than 20 ms once warm", () => {
    const states: Record<string, unknown> = {
      start: { Type: "Pass", Result: { left: 3 }, ResultPath: "$.retry", Next: "s0" },
    };
    for (let n = 0; n < 23; n++) {
      states[`s${n}`] = {
        Type: "Action",
        ActionName: "zis:common:action:LoadConfig",
        Parameters: { scope: `s${n}` },
        ResultPath: `$.r${n}`,
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: `f${n}` }],
        Next: `c${n}`,
      };
      states[`c${n}`] = {
        Type: "Choice",
        Choices: [
          {
            And: [
              { Variable: `$.r${n}.x`, IsPresent: true },
              { Variable: "$.retry.left", NumericGreaterThan: 0 },
            ],
            Next: `s${n + 1}`,
          },
        ],
        Default: `s${n + 1}`,
      };
      states[`f${n}`] = { Type: "Fail", Error: "E", Cause: "{{$.error.Cause}}" };
    }
    states["s23"] = { Type: "Succeed" };
    const text = bundleOf(states);
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 30; round++) best = Math.min(best, timed(text).ms);
    expect(best).toBeLessThan(20);
  });
});

function* pathsOf(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) yield* pathsOf(member, [...path, key]);
}

function replaceAt(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value.map((item: unknown, index) =>
      String(index) === key ? replaceAt(item, rest, replacement) : item,
    );
  const object = value as Record<string, unknown>;
  return Object.hasOwn(object, key)
    ? { ...object, [key]: replaceAt(object[key], rest, replacement) }
    : object;
}
