/** Is the event of a job spec one that Zendesk sends? */
import { SUPPORT_EVENT_TYPES } from "../../model/trigger-events.ts";
import { text } from "../context.ts";
import { child } from "../json-pointer.ts";
import { nearestPhrase } from "../nearest.ts";
import type { Rule } from "../rule.ts";

export const eventType: Rule = {
  name: "event-type",
  severity: "warning",
  origin: "ours",
  what: 'A job spec waits for an event of the source "support" that is not documented.',
  source: "ZIS trigger events",
  *find({ resources }) {
    for (const { type, path, properties } of resources) {
      const event = text(properties["event_type"]);
      if (type !== "ZIS::JobSpec" || properties["event_source"] !== "support") continue;
      if (event === undefined || event === "" || SUPPORT_EVENT_TYPES.includes(event)) continue;
      yield {
        path: child(path, "event_type"),
        message: `${JSON.stringify(event)} is no documented event of Zendesk${nearestPhrase(event, SUPPORT_EVENT_TYPES)}.`,
        hint: "Take it from the list of trigger events, such as ticket.TicketCreated; the flow never starts otherwise.",
      };
    }
  },
};
