/** Whether a ticket may be written now: not when it is closed, nor on the ground of an outdated state. */
import type { JsonObject } from "../../zis/model/json.ts";
import { recordInvalid, updateConflict } from "./errors.ts";
import type { TicketRecord } from "./model.ts";

/**
 * Checks a write. A safe update says for which state it was made; `safe_update: false` asks for that too,
 * as documented.
 * @throws ZendeskRefusal 422 for a closed ticket, 409 UpdateConflict
 */
export function checkWritable(ticket: TicketRecord, body: JsonObject): void {
  if (ticket.status === "closed") throw recordInvalid("status", "closed prevents ticket update");
  if (body["safe_update"] === undefined) return;
  if (body["updated_stamp"] !== ticket.updated_at) throw updateConflict();
}
