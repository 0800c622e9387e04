/** Whether a ticket may be written now: not when it is closed or its requester suspended, nor on the ground of an outdated state. */
import type { JsonObject } from "#zis/model/json";
import { recordInvalid, updateConflict } from "./errors.ts";
import type { TicketRecord } from "./model.ts";
import type { RouteDeps } from "./route.ts";

/**
 * Checks a write. A safe update says for which state it was made; `safe_update: false` asks for that too,
 * as documented.
 * @throws ZendeskRefusal 422 for a closed ticket and for a suspended requester, 409 UpdateConflict
 */
export function checkWritable(
  { store, switches }: Pick<RouteDeps, "store" | "switches">,
  ticket: TicketRecord,
  body: JsonObject,
): void {
  if (ticket.status === "closed") {
    throw recordInvalid(switches.closedKey, "closed prevents ticket update");
  }
  const requester = store.user(ticket.requester_id);
  // The wording is inferred from messages that integrations got.
  if (requester?.suspended)
    throw recordInvalid("requester", `Requester: ${requester.name} is suspended.`);
  if (body["safe_update"] === undefined) return;
  if (body["updated_stamp"] !== ticket.updated_at) throw updateConflict();
}
