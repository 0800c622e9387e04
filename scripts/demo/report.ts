/** What the demo prints: numbers for programs, a small table for people. */
import type { Invariant } from "./invariants.ts";

export interface DemoReport {
  readonly events: number;
  readonly deliveries: number;
  readonly flows: { readonly succeeded: number; readonly failed: number };
  /** Distinct tickets by what resolve-case found for them. */
  readonly resolved: {
    readonly matched: number;
    readonly ambiguous: number;
    readonly none: number;
  };
  readonly links: number;
  readonly conversations: number;
  readonly duplicatesAbsorbed: number;
  /** From an event's delivery to the end of its flow. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly durationMs: number;
  readonly ok: boolean;
}

/** The report as a table, and one line per invariant. */
export function renderTable(report: DemoReport, invariants: readonly Invariant[]): string {
  const { flows, resolved, latencyMs } = report;
  const rows: readonly (readonly [string, string])[] = [
    ["events", String(report.events)],
    ["deliveries", String(report.deliveries)],
    ["flows", `${flows.succeeded} succeeded, ${flows.failed} failed`],
    [
      "cases resolved",
      `${resolved.matched} matched, ${resolved.ambiguous} ambiguous, ${resolved.none} none`,
    ],
    ["links", String(report.links)],
    ["conversations", String(report.conversations)],
    ["duplicates absorbed", String(report.duplicatesAbsorbed)],
    ["latency", `p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms`],
    ["duration", `${(report.durationMs / 1_000).toFixed(1)} s`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  const checks = invariants.map(
    ({ name, broken }) => `  ${broken.length === 0 ? "holds " : "BROKEN"}  ${name}`,
  );
  return `\n${table.join("\n")}\n\n${checks.join("\n")}\n`;
}

/** Examples of a broken invariant that are printed; the rest is counted. */
const MOST_EXAMPLES = 5;

/** One line per broken invariant with examples; empty when all hold. */
export function brokenLines(invariants: readonly Invariant[]): string {
  return invariants
    .filter(({ broken }) => broken.length > 0)
    .map(({ name, broken }) => {
      const more = broken.length > MOST_EXAMPLES ? `; ${broken.length - MOST_EXAMPLES} more` : "";
      return `Broken invariant: ${name}: ${broken.slice(0, MOST_EXAMPLES).join("; ")}${more}\n`;
    })
    .join("");
}
