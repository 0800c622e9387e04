import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileCondition } from "#zis/engine/choice";
import { DEFAULT_SWITCHES } from "#zis/engine/switches";
import type { Json, JsonObject } from "#zis/model/json";

interface RecordedCase {
  readonly operator: string;
  readonly input: JsonObject;
  readonly matches: boolean;
}

const folder = process.env["CASEQA_SHARED_DATA"];
const file = folder === undefined ? undefined : join(folder, "asl-choice-cases.json");
const isThere = file !== undefined && existsSync(file);
const isRequired = process.env["REQUIRE_SERVICES"] === "1";

if (!isThere) {
  console.warn(
    "SKIPPED: the Choice cases recorded on AWS; set CASEQA_SHARED_DATA to the folder of asl-choice-cases.json",
  );
}

const cases: readonly RecordedCase[] = isThere
  ? (JSON.parse(readFileSync(file, "utf8")) as { cases: RecordedCase[] }).cases
  : [];

/** True when our rule gives what AWS recorded. */
function agrees({ operator, input, matches }: RecordedCase): boolean {
  const operand: Json = operator.endsWith("Path") ? "$.Value" : (input["Value"] ?? null);
  const holds = compileCondition({ Variable: "$.Variable", [operator]: operand });
  const scope = { data: input, switches: DEFAULT_SWITCHES, query: undefined, warnings: [] };
  return holds(scope) === matches;
}

describe.skipIf(!isThere && !isRequired)("Choice cases recorded on AWS", () => {
  it("are there, all 195", () => {
    expect(cases).toHaveLength(195);
  });

  it("hold without an exception: by default ZIS differs from AWS in none of them", () => {
    expect(cases.filter((recorded) => !agrees(recorded))).toEqual([]);
  });
});
