/** How every flow begins that a ticket event starts: retries, event, settings, and the rules of the settings first. */
import { fullAllowance } from "./allowance.ts";
import { loadSettings } from "./settings.ts";
import { ignoreRules, readTicketEvent, SUBJECT } from "./ticket-event.ts";

/** The node that a flow with the preamble starts at. */
export const PREAMBLE_START = "Allow retries";

/** The first nodes of a flow, to be spread before its own; `next` is the first of those. `needsTime`: as of `readTicketEvent`. */
export function ticketPreamble<const Target extends string>(
  next: Target,
  { needsTime }: { readonly needsTime?: true } = {},
) {
  return {
    [PREAMBLE_START]: fullAllowance("Read the event"),
    "Read the event": readTicketEvent({ next: "Load settings", ...(needsTime && { needsTime }) }),
    "Load settings": loadSettings({ subject: SUBJECT, next: "Apply the rules" }),
    "Apply the rules": ignoreRules({ next }),
  };
}
