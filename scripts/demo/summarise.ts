/** Counts for the report what came of the timeline and what the stores hold. */
import { parseTicketLinkName } from "#contract/links";
import type { World } from "../world.ts";
import { capturedTicket, historyOf } from "./expectations.ts";
import type { Stores } from "./observe.ts";
import { deliveriesOf, type Played } from "./play.ts";
import type { DemoReport, SyncSummary } from "./report.ts";

/** The figures of the report. */
export function summarise(
  { zis }: World,
  { delivered, tookMs }: Played,
  observed: Stores,
): Omit<DemoReport, "sync" | "durationMs" | "samples" | "invariants" | "ok"> {
  const { flows, latencies_ms: latency } = zis.stats();
  const outcomes = [...observed.resolved.values()];
  const count = (outcome: string) => outcomes.filter((found) => found.outcome === outcome).length;
  const deliveries = deliveriesOf(delivered);
  const solved = new Set(delivered.map(({ event }) => capturedTicket(event)));
  solved.delete(undefined);
  const among = (ids: readonly (string | undefined)[]) => ids.filter((id) => solved.has(id)).length;
  return {
    events: delivered.length,
    deliveries,
    deliveriesPerSecond: Math.round(deliveries / (tookMs / 1_000)),
    coverage: {
      solved: solved.size,
      stored: among(observed.conversations.map(({ ticketId }) => ticketId)),
      linked: among(observed.links.map(({ left }) => parseTicketLinkName(left))),
    },
    flows: { succeeded: flows.succeeded, failed: observed.flowsFailed },
    resolved: {
      matched: count("matched"),
      ambiguous: count("ambiguous"),
      none: count("none"),
    },
    links: observed.links.length,
    conversations: observed.conversations.length,
    duplicatesAbsorbed: observed.duplicatesAbsorbed,
    latencyMs: { p50: Math.round(latency.p50), p99: Math.round(latency.p99) },
  };
}

/** What the sync and rarer events did, as the stores show it. */
export function summariseSync({ data }: World, observed: Stores, ran: boolean): SyncSummary {
  const history = historyOf(data.zendesk);
  const repaired = observed.findings.filter((finding) => finding.repaired);
  return {
    ran,
    loaded: observed.conversations.filter(
      ({ ticketId, commentIds }) => history.has(ticketId) && commentIds.length > 0,
    ).length,
    repaired: repaired.length,
    recovered: repaired
      .filter(({ what }) => what === "the conversation is not stored")
      .map(({ ticketId }) => ticketId),
    redacted: observed.redacted.length,
    deleted: observed.conversations.filter(({ hidden }) => hidden).length,
  };
}

export function describeTicket({ data }: World, ticketId: string) {
  const ticket = data.zendesk.tickets.find(({ id }) => String(id) === ticketId);
  const people = [...data.zendesk.endUsers, ...data.zendesk.agents];
  const requester = people.find(({ id }) => id === ticket?.requester_id);
  return { subject: ticket?.subject ?? "", requester: requester?.name ?? "" };
}
