/** Notifies a ticket's agents of what the flow could not do, in the way that the settings name. */
import type { Settings } from "#contract/settings/settings";
import type { AnnotateTicketRequest } from "#contract/actions/annotate-ticket";
import { serverCall } from "./call.ts";
import { stringEquals } from "./conditions.ts";
import type { Node } from "./node.ts";
import { setting } from "./settings.ts";
import { choice, when } from "./states.ts";
import { EVENT_KEY, OCCURRED_AT, SUBJECT } from "./ticket-event.ts";
import { at } from "./values.ts";

/** Settings that say how agents are notified. */
type NotifySetting = keyof {
  [Name in keyof Settings as Settings[Name] extends "nothing" | "tag" | "note" ? Name : never]: 1;
};

/** Goes on at once when the setting says "nothing". */
export function notifyAgents<const Target extends string>(options: {
  readonly integration: string;
  readonly setting: NotifySetting;
  readonly reason: AnnotateTicketRequest["reason"];
  /** True when `$.resolved.candidates` is there. */
  readonly withCandidates: boolean;
  readonly next: Target;
  /** Where to go when Zendesk will not take a note or tag; `$.notified.outcome` says why. */
  readonly unnotified: Target;
}): Node<Target> {
  const { integration, reason, withCandidates, next, unnotified } = options;
  const how = setting(options.setting);
  return {
    targets: [next, unnotified],
    states: (name) => ({
      ...choice({
        why: "The administrator decides whether and how agents are notified.",
        branches: [when(stringEquals(how, "nothing"), next as string)],
        otherwise: `${name}: write`,
      }).states(name),
      ...serverCall(integration, "annotate-ticket", {
        why: "Agents read it where they work: on the ticket.",
        subject: SUBJECT,
        key: EVENT_KEY,
        body: {
          ticket_id: at("$.ticket.id"),
          telling: at(how),
          reason,
          ...(withCandidates && { candidates: at("$.resolved.candidates") }),
          occurred_at: OCCURRED_AT,
        },
        into: "$.notified",
        next: `${name}: notified?`,
      }).states(`${name}: write`),
      ...choice({
        why: "A closed ticket takes no change, nor does one whose requester is suspended.",
        branches: [
          when(
            {
              Or: [
                stringEquals("$.notified.outcome", "annotated"),
                stringEquals("$.notified.outcome", "already_there"),
              ],
            },
            next as string,
          ),
        ],
        otherwise: unnotified,
      }).states(`${name}: notified?`),
    }),
  };
}
