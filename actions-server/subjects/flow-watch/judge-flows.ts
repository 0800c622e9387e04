/** Decides whether an account's flows reach the server. Pure. */
import type { RefusedCalls, TestEvent } from "#contract/routes/flow-watch";
import type { CheckResult } from "#platform/health/check";
import { remedyOf } from "#platform/health/remedies";
import type { WatchedFlows } from "./watch-store.ts";

/** A flow may start minutes after its event at busy times (ZIS overview), and waits up to 100 s for its calls. */
const TEST_EVENT_MS = 5 * 60_000;
/** A credential that was refused longer ago is ignored as long as others are accepted. */
const REFUSED_MS = 24 * 3_600_000;

/** Since when expected calls have been missing; null: none are missing, or none are expected. */
export function silentSince(
  { lastCallAt, expectedSince }: Pick<WatchedFlows, "lastCallAt" | "expectedSince">,
  now: Date,
  allowedMs: number,
): Date | null {
  if (expectedSince === null) return null;
  const since = lastCallAt !== null && lastCallAt > expectedSince ? lastCallAt : expectedSince;
  return now.getTime() - since.getTime() > allowedMs ? since : null;
}

const at = (instant: Date | string) => new Date(instant).toISOString().replace(/\.\d+Z$/, "Z");

export function judgeFlows(flows: WatchedFlows, now: Date, allowedMs: number): CheckResult {
  const { lastCallAt, last_event_at: eventAt, paused, expectedSince } = flows;
  const event =
    eventAt === null
      ? "no event of a ticket has reached the server yet"
      : `the last event of a ticket reached the server at ${at(eventAt)}`;
  if (paused) {
    return { state: "ok", message: `CaseQA is disabled, so no flow is expected; ${event}.` };
  }
  const since = silentSince(flows, now, allowedMs);
  if (since !== null) {
    const message = `No flow has reached the server since ${at(since)}: ${event}.`;
    return { state: "failed", message, remedy: remedyOf("flows") };
  }
  if (lastCallAt === null) {
    const message =
      expectedSince === null
        ? "No flow has reached the server, and nothing is installed that could."
        : "No flow has reached the server yet.";
    return { state: "warning", message, remedy: remedyOf("flows") };
  }
  return { state: "ok", message: `Flows reach the server: ${event}.` };
}

export function judgeTestEvent(event: TestEvent | null, paused: boolean, now: Date): CheckResult {
  if (event === null) {
    const message = "No test event was sent yet.";
    return { state: "warning", message, remedy: remedyOf("test_event") };
  }
  const { asked_at: askedAt, arrived_at: arrivedAt, problem, failed, outcome } = event;
  if (arrivedAt !== null) {
    const seconds = Math.max(0, Date.parse(arrivedAt) - Date.parse(askedAt)) / 1_000;
    const way = `The test event of ${at(askedAt)} came back after ${seconds.toFixed(1)} s`;
    if (failed !== true) return { state: "ok", message: `${way}.` };
    const message = `${way}, but the server answered it ${outcome}.`;
    return { state: "failed", message, remedy: remedyOf("test_event") };
  }
  if (paused) return { state: "ok", message: "CaseQA is disabled, so none comes back." };
  if (problem !== null) {
    const message = `Zendesk did not take the test event of ${at(askedAt)}: ${problem}.`;
    return { state: "failed", message, remedy: remedyOf("test_event") };
  }
  if (now.getTime() - Date.parse(askedAt) <= TEST_EVENT_MS) {
    return { state: "ok", message: `The test event of ${at(askedAt)} is on its way.` };
  }
  const message = `Zendesk took the test event of ${at(askedAt)}, but its flow did not reach the server.`;
  return { state: "failed", message, remedy: remedyOf("test_event") };
}

const KINDS: Readonly<Record<string, string>> = {
  bearer: "a bearer token",
  basic: "a user name and password",
  api_key: "an API key",
};

function describe({ kind, fingerprint, was_ours: wasOurs, calls, last_at }: RefusedCalls): string {
  const times = calls === 1 ? "1 call" : `${calls} calls`;
  const what = KINDS[kind];
  const shown = what === undefined ? "no credential" : `${what} (fingerprint ${fingerprint})`;
  const known = wasOurs
    ? "that SERVER_TOKENS no longer lists under this kind"
    : what === undefined
      ? ""
      : "that is not in SERVER_TOKENS";
  return `${times} with ${[shown, known].filter(Boolean).join(" ")}, the last at ${at(last_at)}`;
}

/**
 * The server is on the internet, where strangers try credentials: an unknown one is a fault only if it explains why no flow
 * called. Failed: a test event did not come back, or the credential was this account's own.
 */
export function judgeRefused(flows: WatchedFlows, now: Date): CheckResult {
  const recent = flows.refused.filter(
    ({ last_at: lastAt }) => now.getTime() - Date.parse(lastAt) <= REFUSED_MS,
  );
  const [newest] = recent;
  if (!newest) return { state: "ok", message: "The server refused no flow in the last day." };
  const { lastCallAt, last_test_event: test } = flows;
  const lastAt = Date.parse(newest.last_at);
  const isOurs = recent.some(({ was_ours: wasOurs }) => wasOurs);
  const message = `The server refused ${recent.slice(0, 3).map(describe).join("; ")}.`;
  if (lastCallAt !== null && lastCallAt.getTime() >= lastAt) {
    if (!isOurs) return { state: "ok", message: `${message} Flows were accepted since.` };
    return { state: "warning", message, remedy: remedyOf("refused_flows") };
  }
  const isTestRefused =
    test !== null && test.arrived_at === null && lastAt >= Date.parse(test.asked_at);
  const state = isOurs || isTestRefused ? "failed" : "warning";
  return { state, message, remedy: remedyOf("refused_flows") };
}
