/** The check of a bundle, and whether jq compiles its programs: that needs jq, which takes a moment to load. */
import { isJsonObject } from "../model/json.ts";
import { JQ_ACTION } from "../model/names.ts";
import { withShortNames } from "../model/shorten.ts";
import { type CheckOptions, type CheckResult, checkText, inTextOrder } from "./check-text.ts";
import { createContext } from "./context.ts";
import type { Finding } from "./finding.ts";
import { child } from "./json-pointer.ts";
import { readJsonSource } from "./json-source.ts";

/** Says what is wrong with a jq program; undefined when nothing is. */
export type ExplainProgram = (program: string) => Promise<string | undefined>;

/** Programs that are compiled; real bundles have some dozens. */
const MAX_PROGRAMS = 1000;

/** As `checkText`, and finds the literal jq programs that do not compile. */
export async function checkTextAndJq(
  text: string,
  options: CheckOptions,
  explain: ExplainProgram,
): Promise<CheckResult> {
  const { findings, bounds } = checkText(text, options);
  const faults = await jqFindings(text, explain);
  return { findings: [...findings, ...faults].sort(inTextOrder), bounds };
}

async function jqFindings(text: string, explain: ExplainProgram): Promise<Finding[]> {
  const source = readJsonSource(text);
  const places = Map.groupBy(programsIn(source.value), ({ program }) => program);
  const findings: Finding[] = [];
  for (const [program, uses] of [...places].slice(0, MAX_PROGRAMS)) {
    const fault = await explain(program);
    if (fault === undefined) continue;
    for (const { path } of uses) {
      findings.push({
        severity: "error",
        origin: "ours",
        rule: "jq-syntax",
        path,
        ...source.locate(path, false),
        message: withShortNames(`jq cannot compile this program: ${fault}.`),
        hint: "In a jq program the data is `.`, not `$`; try the program with jq.",
      });
    }
  }
  return findings;
}

function* programsIn(bundle: unknown): Generator<{ program: string; path: string }> {
  for (const { state, path } of createContext(bundle).states) {
    const parameters = state["Parameters"];
    if (state["ActionName"] !== JQ_ACTION || !isJsonObject(parameters)) continue;
    const program = parameters["expr"];
    if (typeof program !== "string" || program.trim() === "") continue;
    yield { program, path: child(path, "Parameters", "expr") };
  }
}
