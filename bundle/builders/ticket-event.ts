/** What every flow that a ticket event starts shares: the event's form, its subject and key, the ignore rules. */
import { booleanEquals } from "./conditions.ts";
import type { Node } from "./node.ts";
import { choice, ERROR_PATH, fail, jq, succeed, when } from "./states.ts";
import { at, text } from "./values.ts";

export const EVENT = "$.input.ticket_event";

/** The ticket's id as text, after `readTicketEvent`. */
export const TICKET_ID = "{{$.ticket.id}}";

/** Names the ticket in messages and Causes. */
export const SUBJECT = `Ticket ${TICKET_ID}` as const;

/** The event's own identity, under which its effects happen once. */
export const EVENT_KEY = text("{{$.ticket.key}}");

/** When the event happened, or null: after `readTicketEvent`. */
export const OCCURRED_AT = at("$.ticket.occurred_at");

/** The form, brand and group of the ticket at the event, for the rules on the server; null where there is none. */
export const TICKET_IDS = {
  form_id: at("$.ticket.form_id"),
  brand_id: at("$.ticket.brand_id"),
  group_id: at("$.ticket.group_id"),
};

/** As the contract has it; anything else counts as unknown. */
const TIME = `(if ($meta.occurred_at | type) == "string" and ($meta.occurred_at | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}(Z|[+-][0-9]{2}:[0-9]{2})\\\\z")) then $meta.occurred_at else null end)`;

/**
 * Takes the id and the key from the event: all events of one update share sequence.id and differ in
 * position; an event without a sequence has its ref. Ids may be numbers or text.
 */
const read = (
  needsTime: boolean,
) => `def id: if . != null and (tostring | test("^[1-9][0-9]{0,18}\\\\z")) then tostring else null end;
.ticket_event as $event | ($event.ticket.id | tostring) as $id | $event.meta as $meta
| (if ($meta.sequence.id | type) == "string" and ($meta.sequence.position | type) == "number"
   then "\\($meta.sequence.id):\\($meta.sequence.position)" else $meta.ref end) as $key
| if ($id | test("^[1-9][0-9]{0,18}\\\\z") | not) then error("it has no ticket id")
  elif ($key | type) != "string" or ($key | test("^[!-~]{3,200}\\\\z") | not) then error("it has neither sequence nor ref of up to 200 characters")
  else {id: $id, key: $key, occurred_at: ${TIME}, form_id: ($event.ticket.form_id | id), brand_id: ($event.ticket.brand_id | id), group_id: ($event.ticket.group_id | id)} end${
    needsTime
      ? ' | if .occurred_at == null then error("its occurred_at is not a time") else . end'
      : ""
  }`;

/**
 * An event that is not in the documented form ends the flow at once: no retry would change it. `needsTime`: nor would one
 * without a time be of use.
 */
export function readTicketEvent<const Target extends string>(options: {
  readonly next: Target;
  readonly needsTime?: true;
}): Node<Target> {
  const { next, needsTime = false } = options;
  return {
    targets: [next],
    states: (name) => ({
      ...jq<string>({
        why: "Which ticket, and under which key do the effects of this event happen once?",
        data: "$.input",
        expr: read(needsTime),
        into: "$.ticket",
        next,
        failed: `${name}: no ticket`,
      }).states(name),
      ...fail({
        why: "The event is not in the documented form.",
        error: "CaseQA.BadEvent",
        cause: `The event is not in the documented form: {{${ERROR_PATH}.Cause}}`,
      }).states(`${name}: no ticket`),
    }),
  };
}

/** Ids are numbers in events, numbers or text in settings: compared as text. */
const outside = (setting: string, member: string, name: string) =>
  `(if ($settings.${setting} | length) > 0 and ($settings.${setting} | map(tostring) | index($ticket.${member} | tostring)) == null then "its ${name} is not among those that count" else empty end)`;

const REASONS = [
  `(if $settings.enabled then empty else "CaseQA is switched off" end)`,
  `($settings.ignore_tags[] as $tag | if any($tags[]; . == $tag) then "it carries the tag " + $tag else empty end)`,
  outside("forms", "form_id", "form"),
  outside("brands", "brand_id", "brand"),
  outside("groups", "group_id", "group"),
].join(", ");

/** The rules of the settings that leave a ticket alone: the run ends well and says why. */
export function ignoreRules<const Target extends string>(options: {
  readonly next: Target;
}): Node<Target> {
  const { next } = options;
  return {
    targets: [next],
    states: (name) => ({
      ...jq({
        why: "Do the settings leave this ticket alone? Choice cannot look into lists, so jq gives one Boolean.",
        data: "$",
        expr: `.settings as $settings | .input.ticket_event.ticket as $ticket | ($ticket.tags // []) as $tags | if ($tags | type) != "array" then error("its tags are not a list") else [${REASONS}] | {act: (. == []), why: (.[0] // "")} end`,
        into: "$.rules",
        next: `${name}: act?`,
        failed: `${name}: failed`,
      }).states(name),
      ...choice({
        why: "The settings come first.",
        branches: [when(booleanEquals("$.rules.act", true), next as string)],
        otherwise: `${name}: left alone`,
      }).states(`${name}: act?`),
      ...succeed({
        why: "Nothing was changed.",
        message: `${SUBJECT} is left alone: {{$.rules.why}}.`,
      }).states(`${name}: left alone`),
      ...fail({
        why: "The event's tags are not a list.",
        error: "CaseQA.BadEvent",
        cause: `${SUBJECT}: the settings could not be applied to it: {{${ERROR_PATH}.Cause}}`,
      }).states(`${name}: failed`),
    }),
  };
}
