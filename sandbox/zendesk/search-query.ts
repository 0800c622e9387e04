/**
 * What a search asks for, read from its text. Pure.
 *
 * The words known here are a part of Zendesk's search language: `type`, `status`, `priority`, `tags`, `requester`, `assignee`, `group`,
 * `external_id`, `created`, `updated`, `custom_field_<id>`, each with `-` before it to exclude; any other word is looked for in
 * the text. Times are absolute dates. The grammar beyond `type:` and sorting is UNVERIFIED, as no public page was read for it.
 */
import { toSecondPrecision } from "../clock.ts";
import type { TicketRecord, UserRecord } from "./model.ts";

/** Decides on one record; `textOf` gives a ticket's searchable text. */
type Test = (ticket: TicketRecord, context: SearchContext) => boolean;

interface SearchContext {
  readonly userOf: (id: number | null) => UserRecord | undefined;
}

export interface SearchQuery {
  /** Which kinds of record are asked for; undefined: all. */
  readonly types: ReadonlySet<string> | undefined;
  /** The words without a keyword, in lower case. */
  readonly words: readonly string[];
  readonly matchesTicket: Test;
  /** Bounds of the creation as Zendesk writes times; a ticket within them may still not match. */
  readonly madeFrom: string | undefined;
  readonly madeBefore: string | undefined;
  /** Whether these bounds and types are all that is asked for. */
  readonly onlyMadeWhen: boolean;
}

const TERM = /(-?)(?:([a-z_]+\d*)([:<>]=?))?("[^"]*"|\S+)/giu;
const STATUSES = ["new", "open", "pending", "hold", "solved", "closed"];
const PRIORITIES = ["low", "normal", "high", "urgent"];

export function readSearch(text: string): SearchQuery {
  const types = new Set<string>();
  const words: string[] = [];
  const tests: Test[] = [];
  let madeFrom: string | undefined;
  let madeBefore: string | undefined;
  let others = 0;
  for (const [, minus, keyword, operator = ":", quoted = ""] of text.matchAll(TERM)) {
    const value = quoted.replaceAll('"', "").toLowerCase();
    if (keyword === undefined) {
      words.push(value);
      tests.push(negated(minus, (ticket) => textOf(ticket).includes(value)));
    } else if (keyword.toLowerCase() === "type") {
      types.add(value);
    } else {
      const bound = keyword.toLowerCase() === "created" && minus !== "-" ? Date.parse(value) : NaN;
      // The second before or after a bound belongs to one side only.
      const second = (offset: number) => toSecondPrecision(new Date(bound + offset));
      if (Number.isNaN(bound) || operator === ":") others += 1;
      else if (operator === ">=") madeFrom = latest(madeFrom, second(0));
      else if (operator === ">") madeFrom = latest(madeFrom, second(1_000));
      else if (operator === "<") madeBefore = earliest(madeBefore, second(0));
      else madeBefore = earliest(madeBefore, second(1_000));
      tests.push(negated(minus, testOf(keyword.toLowerCase(), operator, value)));
    }
  }
  return {
    types: types.size === 0 ? undefined : types,
    words,
    madeFrom,
    madeBefore,
    onlyMadeWhen: others === 0 && words.length === 0,
    matchesTicket: (ticket, context) => tests.every((test) => test(ticket, context)),
  };
}

const latest = (a: string | undefined, b: string) => (a === undefined || b > a ? b : a);
const earliest = (a: string | undefined, b: string) => (a === undefined || b < a ? b : a);

function negated(minus: string | undefined, test: Test): Test {
  return minus === "-" ? (ticket, context) => !test(ticket, context) : test;
}

function textOf({ subject, comments }: TicketRecord): string {
  return [subject, ...comments.map(({ body }) => body)].join("\n").toLowerCase();
}

function testOf(keyword: string, operator: string, value: string): Test {
  const person = (user: UserRecord | undefined) =>
    user !== undefined &&
    [String(user.id), user.email?.toLowerCase(), user.name.toLowerCase()].includes(value);
  const ranked = (order: readonly string[], found: string | null) =>
    compares(operator, order.indexOf(found ?? ""), order.indexOf(value));
  const dated = (found: string) =>
    operator === ":"
      ? found.startsWith(value.toUpperCase())
      : compares(operator, Date.parse(found), Date.parse(value));
  switch (keyword) {
    case "status":
      return ({ status }) => ranked(STATUSES, status);
    case "priority":
      return ({ priority }) => ranked(PRIORITIES, priority);
    case "tags":
      return ({ tags }) => tags.includes(value);
    case "requester":
      return (ticket, { userOf }) => person(userOf(ticket.requester_id));
    case "assignee":
      return (ticket, { userOf }) =>
        value === "none" ? ticket.assignee_id === null : person(userOf(ticket.assignee_id));
    case "group":
      return ({ group_id }) => String(group_id) === value;
    case "external_id":
      return ({ external_id }) => external_id?.toLowerCase() === value;
    case "created":
      return ({ created_at }) => dated(created_at);
    case "updated":
      return ({ updated_at }) => dated(updated_at);
    default: {
      const id = /^custom_field_(\d+)$/.exec(keyword)?.[1];
      return ({ custom_fields }) =>
        custom_fields.some(
          (field) => String(field.id) === id && String(field.value).toLowerCase() === value,
        );
    }
  }
}

function compares(operator: string, found: number, wanted: number): boolean {
  switch (operator) {
    case "<":
      return found < wanted;
    case "<=":
      return found <= wanted;
    case ">":
      return found > wanted;
    case ">=":
      return found >= wanted;
    default:
      return found === wanted;
  }
}
