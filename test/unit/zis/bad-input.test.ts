import { afterAll, describe, expect, it } from "vitest";
import { checkText } from "#zis/check/check-text";
import { connectionsUsed } from "#zis/engine/connections";
import { createJq } from "#zis/engine/jq";
import { runFlow, type FlowRun } from "#zis/engine/run";
import type { Bundle } from "#zis/model/bundle";
import type { Json } from "#zis/model/json";
import { flowText } from "./check/bundles.ts";

/** Only a hang, or a cost that grows with the square of the size, takes so long on a busy machine. */
const SOON_MS = 20_000;

const jq = createJq();
afterAll(() => jq.close());

async function run(text: string, input: Json = {}): Promise<FlowRun> {
  return runFlow({
    bundle: JSON.parse(text) as Bundle,
    flow: "f",
    data: { input },
    perform: async (effect, signal) =>
      effect.kind === "jq" ? jq.perform(effect, signal) : { ok: true, result: null, elapsedMs: 0 },
    waits: "virtual",
  });
}

describe("a bundle with everything wrong at once", () => {
  const text = flowText(`"A":{"Type":"Choice","Choices":[
  {"Variable":"$.input.a","StringMatches":"x*","Next":"Lop"},
  {"Variable":"$.input.b","NumericEquals":"1","Next":"Loop"}],"Default":"Each"},
"Loop":{"Type":"Pass","Nxet":"A","Next":"Again"},
"Again":{"Type":"Wait","Seconds":-1,"Next":"Loop"},
"Each":{"Type":"Map","ItemsPath":"$.none","ResultPath":"$.m","Next":"Both","Iterator":{"StartAt":"In","States":{
  "In":{"Type":"Pass","Next":"Loop"}}}},
"Both":{"Type":"Succeed","Message":"{{$.later}}","Next":"A","End":true},
"Lost":{"Type":"Pas","End":false}`);
  const { findings, bounds } = checkText(text);
  const place = (line: number, part: string): string =>
    `${line}:${(text.split("\n")[line - 1]?.indexOf(part) ?? -2) + 1}`;

  it.each([
    ["unknown-operator", "registry", 4, '"StringMatches"', "And is required"],
    ["dangling-next", "ours", 4, '"Lop"', "Lop"],
    ["wrong-type", "ours", 5, '"1"', "number"],
    ["unknown-member", "ours", 6, '"Nxet"', "Nxet"],
    ["unbounded-loop", "ours", undefined, "", "Loop"],
    ["wait-seconds", "ours", 7, "-1", ""],
    ["impossible-path", "ours", 8, '"$.none"', "$.none"],
    ["iterator-jump", "ours", 9, '"Loop"', "Loop"],
    ["impossible-path", "ours", 10, '"{{$.later}}"', "$.later"],
    ["unreachable-state", "ours", 11, '"Lost"', "Lost"],
    ["unknown-type", "ours", 11, '"Pas"', "Pas"],
  ])("is told of %s (%s) on line %s", (rule, origin, line, part, words) => {
    const found = findings.filter(
      (finding) =>
        finding.rule === rule &&
        (line === undefined || `${finding.line}:${finding.column}` === place(line, part)),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ origin });
    expect(`${found[0]?.message} ${found[0]?.hint}`).toContain(words);
    expect(found[0]?.hint).not.toBe("");
  });

  it("has no bound, with a reason", () => {
    expect(bounds).toMatchObject([
      { flow: "f", transitions: { max: null }, seconds: { max: null } },
    ]);
    expect(bounds[0]?.transitions.why).toContain("Loop");
  });

  it("runs nevertheless, until the limit of transitions", async () => {
    expect(await run(text, { b: "no" })).toMatchObject({
      status: "FAILED",
      // The operator is not known, so that the rule cannot be decided.
      error: { state: "A" },
    });
    const circular = flowText('"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}');
    expect(await run(circular)).toMatchObject({ status: "TRANSITIONS_EXCEEDED", transitions: 250 });
  });

  it("fails where a name leads nowhere, out of an Iterator too", async () => {
    const jump = flowText(`"A":{"Type":"Map","ItemsPath":"$.input","End":true,"Iterator":{
      "StartAt":"In","States":{"In":{"Type":"Pass","Next":"Out"}}}},"Out":{"Type":"Succeed"}`);
    expect(await run(jump, [{}])).toMatchObject({
      status: "FAILED",
      error: { state: "In", cause: 'Next names "Out", which is not a state of its scope' },
    });
  });
});

const deep = (open: string, inner: string, close: string): string =>
  open.repeat(5000) + inner + close.repeat(5000);

/** How deep the call stack reaches depends on the machine. */
const ENDS = /^(SUCCEEDED|FAILED: the data are nested too deeply$)/;

describe("a run of a huge or hostile bundle", () => {
  it.each<readonly [string, () => string, Json, RegExp]>([
    [
      "5 MB of states",
      () => {
        const states = Array.from(
          { length: 60_000 },
          (_, n) =>
            `"s${n}":{"Type":"Pass","Result":{"a":${n}},"ResultPath":"$.p","Next":"s${n + 1}"}`,
        );
        return flowText(`"A":{"Type":"Pass","Next":"s0"},${states.join()}`);
      },
      {},
      /^TRANSITIONS_EXCEEDED/,
    ],
    [
      "a Result of 5 MB",
      () =>
        flowText(`"A":{"Type":"Pass","ResultPath":"$.x","End":true,"Result":"${"x".repeat(5e6)}"}`),
      {},
      /^SUCCEEDED/,
    ],
    [
      "a message of 5 MB of braces",
      () => flowText(`"A":{"Type":"Succeed","Message":"${"{{".repeat(2.5e6)}"}`),
      {},
      /^SUCCEEDED/,
    ],
    [
      "a path of 5 MB",
      () => flowText(`"A":{"Type":"Succeed","Message":"{{$${".a".repeat(2.5e6)}}}"}`),
      {},
      /^FAILED: JSON path not found: \$\.a/,
    ],
    [
      "5,000 nested conditions",
      () =>
        flowText(
          `"A":{"Type":"Choice","Choices":[{"Not":${deep('{"Not":', '{"Variable":"$.a","IsPresent":true}', "}")},"Next":"Z"}],"Default":"Z"},"Z":{"Type":"Succeed"}`,
        ),
      {},
      ENDS,
    ],
    [
      "5,000 nested Parameters",
      () =>
        flowText(
          `"A":{"Type":"Action","ActionName":"zis:common:action:LoadConfig","End":true,"Parameters":${deep('{"a":', '{"b.$":"$.input"}', "}")}}`,
        ),
      {},
      ENDS,
    ],
    [
      "5,000 nested Iterators",
      () =>
        flowText(
          deep(
            '"A":{"Type":"Map","ItemsPath":"$.input","End":true,"Iterator":{"StartAt":"A","States":{',
            '"A":{"Type":"Succeed"}',
            "}}}",
          ),
        ),
      [{ input: [{ input: [] }] }],
      ENDS,
    ],
    [
      "5,000 nested data given to jq",
      () =>
        flowText(
          '"A":{"Type":"Action","ActionName":"zis:common:transform:Jq","ResultPath":"$.x","End":true,"Parameters":{"expr":".","data.$":"$.input"}}',
        ),
      JSON.parse(deep("[", "", "]")) as Json,
      ENDS,
    ],
  ])(
    "ends soon: %s",
    async (_what, make, input, end) => {
      const text = make();
      const began = performance.now();
      const { status, message } = await run(text, input);
      expect(`${status}: ${message}`).toMatch(end);
      expect(performance.now() - began).toBeLessThan(SOON_MS);
    },
    30_000,
  );

  it("finds the connections of a deep bundle before it starts", () => {
    const parameters = deep('{"a":', '{"b.$":"$.connections.crm.access_token"}', "}");
    const text = flowText(`"A":{"Type":"Action","ActionName":"x","Parameters":${parameters}}`);
    expect(connectionsUsed(JSON.parse(text) as Bundle, "f")).toEqual(["crm"]);
  });
});
