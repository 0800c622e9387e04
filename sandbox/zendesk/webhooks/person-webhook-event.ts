/**
 * What happened to a person as a webhook gets it. Sources: Zendesk pages "Webhook event types" (whose example says "0" for no id) and
 * "User events".
 */
import type { PersonEvent } from "../person-events.ts";
import { VERSION, withIds, type WebhookEvent } from "./webhook-event.ts";

const idOrZero = (id: number | null) => String(id ?? 0);

/** @param id a UUID of the event's own; it stays the same when the delivery is repeated */
export function toPersonWebhookEvent(
  { webhook, event }: PersonEvent,
  accountId: number,
  id: string,
): WebhookEvent {
  const { meta, type: _type, user, ...rest } = event;
  return {
    type: webhook,
    account_id: accountId,
    id,
    time: meta.occurred_at,
    zendesk_event_version: VERSION,
    subject: `zen:user:${user.id}`,
    detail: {
      ...user,
      id: String(user.id),
      default_group_id: idOrZero(user.default_group_id),
      organization_id: idOrZero(user.organization_id),
    },
    event: {
      ...(withIds(rest) as object),
      meta: { sequence: { id: meta.sequence.id, position: meta.sequence.position } },
    },
  };
}
