/** What the demo prints: numbers for programs, a table and three tickets for people. */
import type { Invariant } from "./invariants.ts";
import { renderSample, type Sample } from "./samples.ts";

export interface DemoReport {
  readonly events: number;
  readonly deliveries: number;
  /** Deliveries a second: what this machine holds, since people wait while flows are behind. */
  readonly deliveriesPerSecond: number;
  readonly flows: { readonly succeeded: number; readonly failed: number };
  /** Tickets that were solved and must be captured; of them those stored, and those linked to a case. */
  readonly coverage: { readonly solved: number; readonly stored: number; readonly linked: number };
  /** Distinct tickets by what resolve-case found for them. */
  readonly resolved: {
    readonly matched: number;
    readonly ambiguous: number;
    readonly none: number;
  };
  /** What the sync and the flows of rarer events did, as the stores show it. */
  readonly sync: SyncSummary;
  readonly links: number;
  readonly conversations: number;
  readonly duplicatesAbsorbed: number;
  /** From an event's delivery to the end of its flow. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly durationMs: number;
  readonly samples: readonly Sample[];
  readonly invariants: readonly Invariant[];
  readonly ok: boolean;
}

export interface SyncSummary {
  /** False: it was left out. */
  readonly ran: boolean;
  /** Conversations from before the installation that are stored with their messages. */
  readonly loaded: number;
  /** What sweeps found and repaired: conversations, links, and who worked on tickets. */
  readonly repaired: number;
  /** The tickets whose conversations no event had brought, and a sweep has stored. */
  readonly recovered: readonly string[];
  /** Stored messages with something made unreadable. */
  readonly redacted: number;
  /** Hidden conversations, because their tickets are deleted. */
  readonly deleted: number;
}

/** The report as three tickets, a table, and one line per invariant. */
export function renderReport(report: DemoReport): string {
  const { flows, resolved, latencyMs, coverage, sync } = report;
  const rows: readonly (readonly [string, string])[] = [
    [
      "tickets",
      `${coverage.solved} solved, ${coverage.stored} stored, ${coverage.linked} linked to a case`,
    ],
    [
      "history",
      sync.ran ? `${sync.loaded} conversations from before the installation loaded` : "left out",
    ],
    ["sweep", describeSweep(sync)],
    ["followed", `${sync.redacted} redacted, ${sync.deleted} deleted`],
    ["not linked", `${resolved.ambiguous} ambiguous, ${resolved.none} without a case`],
    [
      "events",
      `${report.events}, delivered ${report.deliveries} times, ${report.deliveriesPerSecond} a second`,
    ],
    ["flows", `${flows.succeeded} succeeded, ${flows.failed} failed`],
    ["repeats", `${report.duplicatesAbsorbed} answered from the record`],
    ["latency", `p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms, from event to end of flow`],
    ["duration", `${(report.durationMs / 1_000).toFixed(1)} s`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  const checks = report.invariants.map(
    ({ name, broken }) => `  ${broken.length === 0 ? "holds " : "BROKEN"}  ${name}`,
  );
  const samples = report.samples.map((sample) => `${renderSample(sample)}\n`);
  return `\n${samples.join("\n")}\n${table.join("\n")}\n\n${checks.join("\n")}\n`;
}

function describeSweep({ ran, repaired, recovered }: SyncSummary): string {
  if (!ran) return "left out";
  const others = `${repaired} repaired, with links and assignees of before`;
  if (recovered.length === 0) return `no conversation missing; ${others}`;
  return `the lost event of ticket ${recovered.join(", ")} made up for; ${others}`;
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
