/** When a ticket was given its present agent and group. It is the same time as in the event, so both record the same assignment. */
import { Type } from "typebox";
import { AppError } from "#platform/errors";
import { rowReader } from "#platform/outbound/reply-shape";
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskClient } from "./client.ts";
import { readList } from "./cursor-list.ts";

const readAudits = rowReader(
  Type.Object({
    created_at: Type.String({ format: "date-time" }),
    events: Type.Array(Type.Unknown()),
  }),
);
const readChanges = rowReader(
  Type.Object({
    type: Type.String(),
    field_name: Type.Union([Type.Literal("assignee_id"), Type.Literal("group_id")]),
  }),
);

const MOST_PAGES = 10;

/**
 * The last change of agent or group in the ticket's audits. Undefined: they do not show it, the ticket is gone, or our
 * credential may not read them. Throws ZENDESK_UNAVAILABLE.
 */
export async function assignedAt(
  client: Pick<ZendeskClient, "get">,
  ticketId: string,
  call: RemoteCall,
): Promise<Date | undefined> {
  const list = await listAudits(client, ticketId, call);
  if (!list?.isWhole) return undefined;
  const times = readAudits(list.rows)
    .rows.filter(({ events }) => events.some(isAssignment))
    .map(({ created_at: at }) => Date.parse(at));
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

async function listAudits(client: Pick<ZendeskClient, "get">, ticketId: string, call: RemoteCall) {
  const path = `/api/v2/tickets/${ticketId}/audits.json`;
  try {
    return await readList(client, { path, member: "audits", mostPages: MOST_PAGES }, call);
  } catch (error) {
    // No narrow scope gives access to audits (Zendesk API reference, OAuth scopes); without them the time remains a guess.
    if (error instanceof AppError && error.code === "ZENDESK_REFUSED") return undefined;
    throw error;
  }
}

function isAssignment(event: unknown): boolean {
  return readChanges([event]).rows.some(({ type }) =>
    ["create", "change"].includes(type.toLowerCase()),
  );
}
