/** Wraps all calls to one remote system: none while it keeps failing, and only within our share of its limits. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Deadline } from "../deadline.ts";
import type { CallOutcome } from "./breaker.ts";
import { allowanceOf, decideBudget, type BudgetDecision, type LimitReport } from "./budget.ts";
import type { BudgetCounters } from "./budget-counters.ts";
import { createCircuits, type OnCircuit } from "./circuits.ts";
import { endpointOf } from "./endpoint.ts";
import { ACCOUNT_LIMIT } from "./limit-headers.ts";
import type { Outbound, OutboundRequest, OutboundResult } from "./send.ts";

export interface RemoteOptions {
  readonly outbound: Outbound;
  readonly monotonicMs: () => number;
  readonly budget?: RemoteBudget | undefined;
  readonly onCircuit?: OnCircuit | undefined;
}

interface RemoteBudget {
  readonly counters: BudgetCounters;
  /** Above 0, up to 1: the part of what others leave that we may take. */
  readonly share: number;
  readonly readLimits: (headers: Readonly<Record<string, string>>) => readonly LimitReport[];
  /** Whether a call counts against the limits. */
  readonly counts: (request: OutboundRequest) => boolean;
  /** Called at each decision with how many calls of ours the window has left. */
  readonly onLeft?: ((limit: string, left: number) => void) | undefined;
}

/** With less time left, a call could only fail. */
const USEFUL_MS = 100;
/** A caller who left earlier than this says nothing about the remote system. */
const INFORMATIVE_MS = 1_000;
/** Endpoints whose limits are remembered; ids in paths do not count. */
const MOST_ENDPOINTS = 500;
const MOST_LIMITS = 100;

/** The same interface as the pool behind it: what is not sent is a `failed` result with the time to wait. */
export function createRemote(options: RemoteOptions): Outbound {
  const { outbound, monotonicMs, budget, onCircuit } = options;
  const circuits = createCircuits(monotonicMs, onCircuit);
  const meter = budget && createMeter(budget);

  async function sendMetered(outgoing: OutboundRequest, deadline: Deadline) {
    const names = meter?.namesOf(outgoing) ?? [];
    const refused = await meter?.take(names, outgoing, deadline);
    if (refused) return notSent("no_budget", refused.endsInMs);
    const circuit = `${outgoing.priority ?? "flow"} ${endpointOf(outgoing)}`;
    const waitMs = circuits.permit(circuit);
    if (waitMs !== undefined) {
      await meter?.giveBack(names);
      return notSent("circuit_open", waitMs);
    }
    const startedMs = monotonicMs();
    const result = await outbound.send(outgoing, deadline);
    circuits.record(circuit, outcomeOf(result, monotonicMs() - startedMs));
    await meter?.record(names, outgoing, result);
    return result;
  }

  return { send: sendMetered, close: () => outbound.close() };
}

function notSent(reason: "no_budget" | "circuit_open", waitMs: number): OutboundResult {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return { kind: "failed", reason, retryAfterSeconds, cause: undefined };
}

/** A limit that is reached, and a refusal, are answers of a system that works. */
function outcomeOf(result: OutboundResult, tookMs: number): CallOutcome {
  if (result.kind === "reply") return result.status >= 500 ? "failed" : "ok";
  if (result.reason === "too_large") return "ok";
  return result.reason === "deadline" && tookMs < INFORMATIVE_MS ? "unknown" : "failed";
}

/** Takes and records the limits that a call counts against: the account's, and its endpoint's once a reply named it. */
function createMeter({ counters, share, readLimits, counts, onLeft }: RemoteBudget) {
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
    const decision = await probeWhenDenied(name, decideBudget(window, share, priority));
    if (decision.kind === "denied") await counters.giveBack(name);
    if (window.limit !== undefined) {
      onLeft?.(name, Math.max(0, allowanceOf(window, share) - window.granted));
    }
    return decision;
  }

  async function probeWhenDenied(name: string, decision: BudgetDecision): Promise<BudgetDecision> {
    if (decision.kind === "granted") return decision;
    const waitMs = await counters.probe(name);
    if (waitMs <= 0) return { kind: "granted" };
    const { kind, retryMs, endsInMs } = decision;
    return { kind, retryMs: Math.min(retryMs, waitMs), endsInMs: Math.min(endsInMs, waitMs) };
  }

  async function giveBack(names: readonly string[]): Promise<void> {
    for (const name of names) await counters.giveBack(name);
  }

  /** All of them or none. */
  async function takeAll(names: readonly string[], outgoing: OutboundRequest) {
    for (const [index, name] of names.entries()) {
      const decision = await takeOne(name, outgoing);
      if (decision.kind === "granted") continue;
      await giveBack(names.slice(0, index));
      return decision;
    }
    return undefined;
  }

  return {
    namesOf,
    giveBack,
    /** Waits within the deadline; answers the refusal when that is too short. */
    async take(
      names: readonly string[],
      outgoing: OutboundRequest,
      deadline: Deadline,
    ): Promise<Extract<BudgetDecision, { kind: "denied" }> | undefined> {
      for (;;) {
        const denied = await takeAll(names, outgoing);
        if (!denied || denied.retryMs + USEFUL_MS > deadline.remainingMs()) return denied;
        await sleep(denied.retryMs);
      }
    },
    async record(names: readonly string[], outgoing: OutboundRequest, result: OutboundResult) {
      if (names.length === 0) return;
      const reports = result.kind === "reply" ? readLimits(result.headers) : [];
      const byName = new Map(reports.map((report) => [report.name, report]));
      const reported = [...byName.keys()].filter(isKept);
      if (reported.length > 0 && endpointLimits.size < MOST_ENDPOINTS) {
        endpointLimits.set(endpointOf(outgoing), reported);
      }
      // Met for the first time: this call counts against it too.
      for (const name of reported.filter((one) => !names.includes(one))) await counters.take(name);
      const otherwise = result.kind === "reply" && result.status < 300 ? "unreported" : undefined;
      for (const name of new Set([...names, ...reported])) {
        await counters.record(name, byName.get(name) ?? otherwise);
      }
    },
  };
}
