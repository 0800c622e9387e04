/** What is wrong with a bundle, and how much its flows can do at most: everything at once. */
import { createAnalysis, type Analysis } from "./analysis.ts";
import { type FlowBound, toFlowBound } from "./bounds.ts";
import { type Context, createContext } from "./context.ts";
import type { Finding, Severity } from "./finding.ts";
import { type JsonProblem, type JsonSource, MAX_DEPTH, readJsonSource } from "./json-source.ts";
import { withShortNames } from "../model/shorten.ts";
import { keysOf } from "./json-pointer.ts";
import { RULES } from "./rules/table.ts";

export interface CheckOptions {
  /** Seconds that each custom action takes at most, by action name; see DEFAULT_ACTION_SECONDS. */
  readonly budgets?: Readonly<Record<string, number>>;
}

export interface CheckResult {
  /** In the order of the text. */
  readonly findings: readonly Finding[];
  /** One for each flow; empty when the text is not JSON. */
  readonly bounds: readonly FlowBound[];
}

/** So many levels above the deepest one, values may lack what was cut off: from a state to the states of its Iterator. */
const CUT = 6;

/** More findings are not listed: one generated mistake can occur a million times. */
const MAX_FINDINGS = 1000;

const TEXT_HINTS: Readonly<Record<JsonProblem["kind"], string>> = {
  "not-json": "A bundle is strict JSON.",
  "duplicate-key": "Rename or remove one of the two.",
  "inexact-number":
    "Write ids as strings: only whole numbers up to 9007199254740991 are kept exactly, here and wherever JSON numbers are doubles.",
  "too-deep": `What lies deeper than ${MAX_DEPTH} levels was not checked; real bundles need about 25.`,
};

/** Checks the text of a bundle. Never throws and never takes long, whatever the text. */
export function checkText(text: string, options: CheckOptions = {}): CheckResult {
  const source = readJsonSource(text);
  const findings = source.problems.map(toFinding);
  if (source.value === undefined) return { findings, bounds: [] };
  const context = createContext(source.value);
  const analysis = createAnalysis(context, new Map(Object.entries(options.budgets ?? {})));
  const isTooDeep = source.problems.some(({ kind }) => kind === "too-deep");
  for (const finding of applyRules(context, analysis, source)) {
    // What was cut off is not missing.
    if (!isTooDeep || keysOf(finding.path).length < MAX_DEPTH - CUT) findings.push(finding);
  }
  return {
    findings: limited(findings.sort(inTextOrder)),
    bounds: context.flows.map(({ name, scope }) => toFlowBound(name, analysis.costs(scope))),
  };
}

function toFinding({ kind, path, position, message }: JsonProblem): Finding {
  return {
    severity: kind === "inexact-number" ? "warning" : "error",
    origin: "ours",
    rule: kind,
    path,
    line: position.line,
    column: position.column,
    message,
    hint: TEXT_HINTS[kind],
  };
}

function* applyRules(context: Context, analysis: Analysis, source: JsonSource): Generator<Finding> {
  for (const { name, severity, origin = "ours", find } of RULES) {
    let count = 0;
    for (const found of find(context, analysis)) {
      const { line, column } = source.locate(found.path, found.atKey ?? false);
      const { path } = found;
      yield {
        severity: found.severity ?? severity,
        origin,
        rule: name,
        path,
        line,
        column,
        message: withShortNames(found.message),
        hint: withShortNames(found.hint),
      };
      if (++count >= MAX_FINDINGS) break;
    }
  }
}

const RANKS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Findings in the order of the text, errors first. */
export function inTextOrder(a: Finding, b: Finding): number {
  return a.line - b.line || a.column - b.column || RANKS[a.severity] - RANKS[b.severity];
}

/** The first findings; errors before others when there are too many. */
function limited(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_FINDINGS) return findings;
  const bySeverity = findings.toSorted((a, b) => RANKS[a.severity] - RANKS[b.severity]);
  const kept = bySeverity.slice(0, MAX_FINDINGS).toSorted(inTextOrder);
  return [...kept, { ...tooMany(findings.length - MAX_FINDINGS) }];
}

function tooMany(more: number): Finding {
  return {
    severity: "error",
    origin: "ours",
    rule: "too-many-findings",
    path: "",
    line: 1,
    column: 1,
    message: `${more} more findings are not shown.`,
    hint: "Fix the ones shown, then check again.",
  };
}
