/** Is the event of a job spec one that Zendesk sends? */
import { SUPPORT_EVENT_TYPES, SUPPORT_SOURCE } from "../../model/trigger-events.ts";
import { text } from "../context.ts";
import { child } from "../json-pointer.ts";
import { nearestPhrase } from "../nearest.ts";
import type { Rule } from "../rule.ts";

export const eventType: Rule = {
  name: "event-type",
  severity: "warning",
  what: 'A job spec waits for an event of the source "support" that is not documented, or for one of Zendesk under another source.',
  source: "ZIS trigger events",
  *find({ resources }) {
    for (const { type, path, properties } of resources) {
      const event = text(properties["event_type"]);
      const source = text(properties["event_source"]);
      if (type !== "ZIS::JobSpec" || event === undefined || event === "") continue;
      const isNative = SUPPORT_EVENT_TYPES.includes(event);
      if (source !== undefined && source !== SUPPORT_SOURCE) {
        if (isNative || source.toLowerCase() === SUPPORT_SOURCE) {
          yield { path: child(path, "event_source"), ...wrongSource(event, source, isNative) };
        }
        continue;
      }
      if (source === undefined || isNative) continue;
      yield {
        path: child(path, "event_type"),
        message: `${JSON.stringify(event)} is not a documented event of Zendesk${nearestPhrase(event, SUPPORT_EVENT_TYPES)}.`,
        hint: "Take it from the list of trigger events, such as ticket.TicketCreated; the flow never starts otherwise.",
      };
    }
  },
};

function wrongSource(event: string, source: string, isNative: boolean) {
  const what = isNative
    ? `The source of ${JSON.stringify(event)}`
    : "The source of Zendesk's own events";
  return {
    message: `${what} is "${SUPPORT_SOURCE}", not ${JSON.stringify(source)}.`,
    hint: `Write "${SUPPORT_SOURCE}"; other sources are those of inbound webhooks, whose event types are free.`,
  };
}
