/** Links a ticket to its case once, and ends links that must not stay. */
import { caseLinkName, TICKET_CASE_LINK, ticketLinkName } from "#contract/links";
import type { ActionState, State } from "#zis/model/flow";
import { allowanceStates, retryName } from "./allowance.ts";
import { booleanEquals } from "./conditions.ts";
import type { Node } from "./node.ts";
import { catchInto, choice, jq, when } from "./states.ts";
import { at, parameters, type Path, text, type Template } from "./values.ts";

interface LinkOptions<Target extends string> {
  readonly subject: string;
  /** A placeholder that gives the ticket's id. */
  readonly ticketId: Template;
  readonly next: Target;
}

const FOUND = "$.found";
const LINK = "$.link";
const ENDING = "$.ending";

/**
 * Links that one run makes or ends in a list: more would not fit into a flow's time. With one case per ticket
 * there is one; what is left from a time when the settings allowed more is ended by a later run.
 */
export const MOST_LINKS = 2;

interface Ways {
  readonly why: string;
  readonly next: string;
  readonly failed: string;
}

function loadLinks(ticketId: Template, { why, next, failed }: Ways): ActionState {
  return {
    Type: "Action",
    Comment: why,
    ActionName: "zis:common:action:LoadLinks",
    Parameters: parameters({
      link_type: TICKET_CASE_LINK,
      left_object_name: text(ticketLinkName(ticketId)),
      page_size: 100,
    }),
    ResultPath: FOUND,
    ...catchInto(failed),
    Next: next,
  };
}

function deleteLink(names: { left: Template; right: Template }) {
  return {
    Type: "Action",
    Comment: "A link is known by its type and its two names.",
    ActionName: "zis:common:action:DeleteLink",
    Parameters: parameters({
      link_type: TICKET_CASE_LINK,
      left_object_name: text(names.left),
      right_object_name: text(names.right),
    }),
    ResultPath: "$.deleted",
  } as const satisfies State;
}

/** Is the link to `$name` there, and which other link must end when a ticket has one case? */
const compare = (caseIdJq: string) => `("${caseLinkName("")}" + ${caseIdJq}) as $name
| (.found.links // [] | map(.right_object.name)) as $names
| (if .settings.one_case_per_ticket then $names - [$name] else [] end) as $others
| {linked: any($names[]; . == $name), other: ($others[0] // ""), others: ($others != [])}`;

/**
 * Looks, creates what is not there, then ends a link to another case. Every failure spends one retry and
 * looks again from the start: a link that another run made in between is then simply found, so what ZIS
 * answers to a second create does not matter. The new link is made before the old one ends.
 */
export function linkCase<const Target extends string>(
  options: LinkOptions<Target> & {
    /** A placeholder that gives the case's 18-character id, and the same place for jq. */
    readonly caseId: Template;
    readonly caseIdJq: string;
  },
): Node<Target> {
  const { subject, ticketId, caseId, caseIdJq, next } = options;
  return {
    targets: [next],
    states: (name) => ({
      [name]: loadLinks(ticketId, {
        why: "Ticket and case are linked once: which links does the ticket have already?",
        next: `${name}: compare`,
        failed: retryName(name),
      }),
      ...jq({
        why: "Is the link there, and does a link to another case have to end?",
        data: "$",
        expr: compare(caseIdJq),
        into: LINK,
        next: `${name}: linked?`,
        failed: retryName(name),
      }).states(`${name}: compare`),
      ...choice({
        why: "A link is made once.",
        branches: [when(booleanEquals(`${LINK}.linked`, true), `${name}: others?`)],
        otherwise: `${name}: create`,
      }).states(`${name}: linked?`),
      [`${name}: create`]: {
        Type: "Action",
        Comment: "Not linked yet.",
        ActionName: "zis:common:action:CreateLink",
        Parameters: {
          link_type: TICKET_CASE_LINK,
          left_object: parameters({
            name: text(ticketLinkName(ticketId)),
            metadata: parameters({ ticket_id: text(ticketId) }),
          }),
          right_object: parameters({
            name: text(caseLinkName(caseId)),
            metadata: parameters({ case_id: text(caseId) }),
          }),
        },
        ResultPath: "$.created",
        ...catchInto(retryName(name)),
        Next: `${name}: others?`,
      },
      ...choice<string>({
        why: "Most tickets never had another case.",
        branches: [when(booleanEquals(`${LINK}.others`, true), `${name}: end other`)],
        otherwise: next,
      }).states(`${name}: others?`),
      [`${name}: end other`]: {
        ...deleteLink({ left: ticketLinkName(ticketId), right: `{{${LINK}.other}}` }),
        ...catchInto(retryName(name)),
        Next: next,
      },
      ...allowanceStates(name, name, subject),
    }),
  };
}

/** Ends the ticket's links: an agent cleared the case number, or the ticket was merged away. */
export function unlinkTicket<const Target extends string>(
  options: LinkOptions<Target>,
): Node<Target> {
  const { subject, ticketId, next } = options;
  return {
    targets: [next],
    states: (name) => ({
      [name]: loadLinks(ticketId, {
        why: "The ticket's links end: which ones are there?",
        next: `${name}: list`,
        failed: retryName(name),
      }),
      ...jq({
        why: "The links to end, no more than fit into the flow's time.",
        data: FOUND,
        expr: `[(.links // [])[] | {left: .left_object.name, right: .right_object.name}][0:${MOST_LINKS}]`,
        into: ENDING,
        next: `${name}: each`,
        failed: retryName(name),
      }).states(`${name}: list`),
      [`${name}: each`]: {
        Type: "Map",
        Comment: "End each link; an iteration sees only its own item.",
        ItemsPath: ENDING,
        Iterator: {
          StartAt: "End the link",
          States: {
            "End the link": {
              ...deleteLink({ left: "{{$.left}}", right: "{{$.right}}" }),
              End: true,
            },
          },
        },
        ResultPath: "$.ended",
        ...catchInto(retryName(name)),
        Next: next,
      },
      ...allowanceStates(name, name, subject),
    }),
  };
}

/**
 * Makes the links that a list names by `ticket`, `ticket_id` and `case`: names of both sides, and the id for
 * the metadata. A failure begins again with a node that looks what is there, since another run may have made
 * a link in between.
 */
export function linkEach<const Target extends string>(options: {
  readonly subject: string;
  readonly items: Path;
  readonly again: Target;
  readonly next: Target;
}): Node<Target> {
  const { subject, items, again, next } = options;
  return {
    targets: [again, next],
    states: (name) => ({
      [name]: {
        Type: "Map",
        Comment: "Make each link; an iteration sees only its own item.",
        ItemsPath: items,
        Iterator: {
          StartAt: "Make the link",
          States: {
            "Make the link": {
              Type: "Action",
              Comment: "The case follows the conversation.",
              ActionName: "zis:common:action:CreateLink",
              Parameters: {
                link_type: TICKET_CASE_LINK,
                left_object: parameters({
                  name: at("$.ticket"),
                  metadata: parameters({ ticket_id: at("$.ticket_id") }),
                }),
                right_object: parameters({ name: at("$.case") }),
              },
              ResultPath: "$.created",
              End: true,
            },
          },
        },
        ResultPath: "$.made",
        ...catchInto(retryName(name)),
        Next: next,
      },
      ...allowanceStates(name, again, subject),
    }),
  };
}
