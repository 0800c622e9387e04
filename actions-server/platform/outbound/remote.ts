/** Wraps all calls to one remote system: none while it keeps failing, and only within our share of its limits. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Deadline } from "../deadline.ts";
import type { CallOutcome } from "./breaker.ts";
import { createCircuits, type OnCircuit } from "./circuits.ts";
import { endpointOf } from "./endpoint.ts";
import { createMeter, USEFUL_MS, type RemoteBudget, type Taken } from "./meter.ts";
import { createRefusals } from "./refusals.ts";
import type { Outbound, OutboundRequest, OutboundResult } from "./send.ts";

export interface RemoteOptions {
  readonly outbound: Outbound;
  readonly monotonicMs: () => number;
  readonly random: () => number;
  readonly budget?: RemoteBudget | undefined;
  readonly onCircuit?: OnCircuit | undefined;
}

/** A caller who left earlier than this says nothing about the remote system. */
const INFORMATIVE_MS = 1_000;

const NOTHING: Taken = new Map();

/** The same interface as the pool behind it: what is not sent is a `failed` result with the time to wait. */
export function createRemote(options: RemoteOptions): Outbound {
  const { outbound, monotonicMs, random, budget, onCircuit } = options;
  const circuits = createCircuits(monotonicMs, onCircuit);
  const refusals = createRefusals(monotonicMs, random);
  const meter = budget && createMeter(budget);

  /** What is left of the wait, when the deadline is too short for it. */
  async function awaitRefusals(outgoing: OutboundRequest, deadline: Deadline) {
    const waitMs = refusals.waitMs(outgoing);
    if (waitMs === 0) return undefined;
    if (waitMs + USEFUL_MS > deadline.remainingMs()) return waitMs;
    await sleep(waitMs);
    return undefined;
  }

  async function sendMetered(outgoing: OutboundRequest, deadline: Deadline) {
    const refusedMs = await awaitRefusals(outgoing, deadline);
    if (refusedMs !== undefined) return notSent("no_budget", refusedMs);
    const taken = (await meter?.take(outgoing, deadline)) ?? NOTHING;
    if ("kind" in taken) return notSent("no_budget", taken.endsInMs);
    const circuit = `${outgoing.priority ?? "flow"} ${endpointOf(outgoing)}`;
    const waitMs = circuits.permit(circuit);
    if (waitMs !== undefined) {
      await meter?.giveBack(taken);
      return notSent("circuit_open", waitMs);
    }
    const startedMs = monotonicMs();
    const result = await outbound.send(outgoing, deadline);
    const tookMs = monotonicMs() - startedMs;
    circuits.record(circuit, outcomeOf(result, tookMs));
    refusals.record(outgoing, result);
    await meter?.record(taken, outgoing, result, tookMs);
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
