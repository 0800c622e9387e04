/** Takes and records the limits that a call counts against: the account's, and its endpoint's once a reply named it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Deadline } from "../deadline.ts";
import { allowanceOf, decideBudget, type BudgetDecision, type LimitReport } from "./budget.ts";
import type { BudgetCounters, Turn } from "./budget-counters.ts";
import { endpointOf } from "./endpoint.ts";
import { ACCOUNT_LIMIT } from "./limit-headers.ts";
import type { OutboundRequest, OutboundResult } from "./send.ts";

export interface RemoteBudget {
  readonly counters: BudgetCounters;
  /** Above 0, up to 1: the part of what others leave that we may take. */
  readonly share: number;
  readonly readLimits: (headers: Readonly<Record<string, string>>) => readonly LimitReport[];
  /** Whether a call counts against the limits. */
  readonly counts: (request: OutboundRequest) => boolean;
  /** Limits of endpoints that only background work calls. */
  readonly backgroundLimits?: ReadonlySet<string> | undefined;
  /** Called at each decision with how many calls of ours the window has left. */
  readonly onLeft?: ((limit: string, left: number) => void) | undefined;
}

/** What a call was counted against, and in which window of each. */
export type Taken = ReadonlyMap<string, Turn>;
type Denied = Extract<BudgetDecision, { kind: "denied" }>;

interface Meter {
  /** Waits within the deadline; answers the refusal when that is too short. Of all limits or of none. */
  take(outgoing: OutboundRequest, deadline: Deadline): Promise<Taken | Denied>;
  /** The call did not go out. */
  giveBack(taken: Taken): Promise<void>;
  record(
    taken: Taken,
    outgoing: OutboundRequest,
    result: OutboundResult,
    tookMs: number,
  ): Promise<void>;
}

/** With less time left, a call could only fail. */
export const USEFUL_MS = 100;
/** Endpoints whose limits are remembered; ids in paths do not count. */
const MOST_ENDPOINTS = 500;
const MOST_LIMITS = 100;

export function createMeter(budget: RemoteBudget): Meter {
  const { counters, share, readLimits, counts, backgroundLimits, onLeft } = budget;
  const endpointLimits = new Map<string, readonly string[]>();
  const kept = new Set<string>();

  function isKept(name: string): boolean {
    if (name === ACCOUNT_LIMIT) return false;
    if (kept.size < MOST_LIMITS) kept.add(name);
    return kept.has(name);
  }

  function namesOf(outgoing: OutboundRequest): readonly string[] {
    if (!counts(outgoing)) return [];
    return [ACCOUNT_LIMIT, ...(endpointLimits.get(endpointOf(outgoing)) ?? [])];
  }

  async function takeOne(name: string, { priority = "flow" }: OutboundRequest) {
    const window = await counters.take(name);
    const background = backgroundLimits?.has(name) ?? false;
    const terms = { share, priority, background };
    const decision = await probeWhenDenied(name, decideBudget(window, terms));
    if (decision.kind === "denied") await counters.giveBack(name, window.turn);
    if (window.limit !== undefined) {
      onLeft?.(name, Math.max(0, allowanceOf(window, share) - window.granted));
    }
    return decision.kind === "denied" ? decision : window.turn;
  }

  async function probeWhenDenied(name: string, decision: BudgetDecision): Promise<BudgetDecision> {
    if (decision.kind === "granted") return decision;
    const waitMs = await counters.probe(name);
    if (waitMs <= 0) return { kind: "granted" };
    const { kind, retryMs, endsInMs } = decision;
    return { kind, retryMs: Math.min(retryMs, waitMs), endsInMs: Math.min(endsInMs, waitMs) };
  }

  async function giveBack(taken: Taken): Promise<void> {
    for (const [name, turn] of taken) await counters.giveBack(name, turn);
  }

  async function takeAll(outgoing: OutboundRequest): Promise<Taken | Denied> {
    const taken = new Map<string, Turn>();
    for (const name of namesOf(outgoing)) {
      const one = await takeOne(name, outgoing);
      if ("kind" in one) {
        await giveBack(taken);
        return one;
      }
      taken.set(name, one);
    }
    return taken;
  }

  return {
    giveBack,
    async take(outgoing, deadline) {
      for (;;) {
        const taken = await takeAll(outgoing);
        if (!("kind" in taken)) return taken;
        if (taken.retryMs + USEFUL_MS > deadline.remainingMs()) return taken;
        await sleep(taken.retryMs);
      }
    },
    async record(taken, outgoing, result, tookMs) {
      if (taken.size === 0) return;
      const reports = result.kind === "reply" ? readLimits(result.headers) : [];
      const byName = new Map(reports.map((report) => [report.name, report]));
      const reported = [...byName.keys()].filter(isKept);
      if (reported.length > 0 && endpointLimits.size < MOST_ENDPOINTS) {
        endpointLimits.set(endpointOf(outgoing), reported);
      }
      const turns = new Map(taken);
      for (const name of reported) {
        // Met for the first time: this call counts against it too.
        if (!turns.has(name)) turns.set(name, (await counters.take(name)).turn);
      }
      const otherwise = result.kind === "reply" && result.status < 300 ? "unreported" : undefined;
      for (const [name, turn] of turns) {
        await counters.record(name, turn, { tookMs, report: byName.get(name) ?? otherwise });
      }
    },
  };
}
