/** How much of jq's own suite the jq action passes: a measurement, not a test. */
import type { Command } from "commander";
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { createJq, type Jq } from "../../zis/engine/jq.ts";
import type { Json } from "../../zis/model/json.ts";
import { environment, writeReport } from "./environment.ts";

export interface JqSuiteOptions {
  readonly out: string;
  readonly suite: readonly string[];
}

export function declareJqSuite(command: Command): Command {
  return command
    .description("jq's own suite through the jq action")
    .requiredOption("--suite <FILES...>", "files of github.com/jqlang/jq, tests/*.test");
}

/** One case of a suite's file. */
interface Case {
  /** Of its program, from 1. */
  readonly line: number;
  readonly program: string;
  readonly input: string;
  /** Outputs as JSON texts; undefined where the program must not compile. */
  readonly outputs: readonly string[] | undefined;
}

type Verdict = "passed" | "failed" | "trapped" | "inexpressible";

interface Judged extends Case {
  readonly file: string;
  readonly verdict: Verdict;
  readonly why: string;
}

/** Runs every case of the files, prints the counts and writes every case that did not pass. */
export async function runJqSuite({ out, suite: files }: JqSuiteOptions): Promise<number> {
  const jq = createJq();
  const judged: Judged[] = [];
  try {
    for (const file of files) {
      const cases = readCases(await readFile(file, "utf8"));
      for (const each of cases) judged.push({ file, ...each, ...(await judge(each, jq)) });
    }
  } finally {
    await jq.close();
  }
  for (const file of files)
    print(
      file,
      judged.filter((each) => each.file === file),
    );
  if (files.length > 1) print("all", judged);
  const notPassed = judged.filter(({ verdict }) => verdict !== "passed");
  for (const { file, line, verdict, why } of notPassed)
    console.log(`  ${file}:${line} ${verdict}: ${why}`);
  await writeReport(out, { ...environment(), ...count(judged), notPassed });
  return 0;
}

/**
 * Groups of lines: a program, its input and its outputs; or `%%FAIL`, a program and its error. Blank lines
 * and those that begin with # are between them. Source: the head of jq's tests/jq.test.
 */
function readCases(text: string): Case[] {
  const lines = text.split("\n");
  const isBlank = (line: string | undefined) => line === undefined || /^\s*(#|$)/.test(line);
  const cases: Case[] = [];
  let mustFail = false;
  for (let at = 0; at < lines.length; at += 1) {
    const program = lines[at] ?? "";
    if (isBlank(program)) continue;
    if (program.startsWith("%%FAIL")) {
      mustFail = true;
      continue;
    }
    const first = at + (mustFail ? 1 : 2);
    let end = first;
    while (!isBlank(lines[end])) end += 1;
    cases.push({
      line: at + 1,
      program,
      input: mustFail ? "null" : (lines[at + 1] ?? ""),
      outputs: mustFail ? undefined : lines.slice(first, end),
    });
    mustFail = false;
    at = end;
  }
  return cases;
}

/** Whether a case gives what jq's suite says. The texts of errors are not compared. */
async function judge(each: Case, jq: Jq): Promise<Pick<Judged, "verdict" | "why">> {
  const data = parse(each.input);
  if (data === undefined) return { verdict: "inexpressible", why: "the input is no JSON" };
  const outcome = await jq.perform(
    { kind: "jq", expr: each.program, data },
    new AbortController().signal,
  );
  if (each.outputs === undefined) {
    return outcome.ok ? { verdict: "failed", why: "compiles" } : { verdict: "passed", why: "" };
  }
  if (!outcome.ok) {
    const trapped = outcome.error.startsWith("jq stopped") || outcome.error.includes("longer than");
    return { verdict: trapped ? "trapped" : "failed", why: outcome.error.split("\n")[0] ?? "" };
  }
  const wanted = each.outputs.map(parse);
  if (wanted.includes(undefined)) return { verdict: "inexpressible", why: "an output is no JSON" };
  if (isDeepStrictEqual(outcome.outputs, wanted)) return { verdict: "passed", why: "" };
  return { verdict: "failed", why: `gives ${JSON.stringify(outcome.outputs)}` };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function count(judged: readonly Judged[]): Readonly<Record<Verdict | "cases", number>> {
  const of = (verdict: Verdict) => judged.filter((each) => each.verdict === verdict).length;
  return {
    cases: judged.length,
    passed: of("passed"),
    failed: of("failed"),
    trapped: of("trapped"),
    inexpressible: of("inexpressible"),
  };
}

function print(name: string, judged: readonly Judged[]): void {
  const { cases, passed, failed, trapped, inexpressible } = count(judged);
  console.log(
    `${name}: ${passed} of ${cases} passed, ${failed} failed, ${trapped} trapped, ` +
      `${inexpressible} with an input or output that no flow can hold`,
  );
}
