/** When a ticket got the agent and group that it has: the time that the event carried, so that both are the same assignment. */
import { Type } from "typebox";
import { AppError } from "../errors.ts";
import { replyShape } from "../outbound/reply-shape.ts";
import type { RemoteCall } from "../outbound/send.ts";
import type { ZendeskClient } from "../zendesk/client.ts";

const readPage = replyShape(
  Type.Object({
    audits: Type.Array(
      Type.Object({
        created_at: Type.String({ format: "date-time" }),
        events: Type.Array(
          Type.Object({ type: Type.String(), field_name: Type.Optional(Type.Unknown()) }),
        ),
      }),
    ),
    meta: Type.Object({
      has_more: Type.Boolean(),
      after_cursor: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
  }),
);

const MAX_PAGES = 10;

/**
 * The last change of agent or group in the ticket's audits. Undefined: they do not tell it, the ticket is gone, or our
 * credential may not read them. Throws ZENDESK_UNAVAILABLE.
 */
export async function assignedAt(
  client: Pick<ZendeskClient, "get">,
  ticketId: string,
  call: RemoteCall,
): Promise<Date | undefined> {
  let last: Date | undefined;
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = readPage(await readAudits(client, ticketId, cursor, call));
    if (!page.ok) return undefined;
    for (const { created_at, events } of page.value.audits) {
      const at = new Date(created_at);
      if (events.some(isAssignment) && (!last || at > last)) last = at;
    }
    if (!page.value.meta.has_more) return last;
    const next = page.value.meta.after_cursor ?? undefined;
    if (next === undefined || next === cursor) return undefined;
    cursor = next;
  }
  return undefined;
}

async function readAudits(
  client: Pick<ZendeskClient, "get">,
  ticketId: string,
  cursor: string | undefined,
  call: RemoteCall,
): Promise<unknown> {
  const after: Record<string, string> = cursor === undefined ? {} : { "page[after]": cursor };
  try {
    const path = `/api/v2/tickets/${ticketId}/audits.json`;
    return await client.get(path, { "page[size]": "100", ...after }, call);
  } catch (error) {
    // No narrow scope opens audits (Zendesk API reference, OAuth scopes): then the time stays a guess.
    if (error instanceof AppError && error.code === "ZENDESK_REFUSED") return undefined;
    throw error;
  }
}

function isAssignment({
  type,
  field_name,
}: {
  readonly type: string;
  readonly field_name?: unknown;
}) {
  const isChange = ["create", "change"].includes(type.toLowerCase());
  return isChange && (field_name === "assignee_id" || field_name === "group_id");
}
