/** Reads the body of a ticket write: what is to change, or why the body will not do. */
import { isJsonObject, type Json, type JsonObject } from "#zis/model/json";
import { stripTags, toPlainText } from "./html.ts";
import type { NewComment, TicketChange } from "./change.ts";
import { invalidAttribute, recordInvalid } from "./errors.ts";
import type {
  CustomFieldValue,
  TicketPriority,
  TicketStatus,
  TicketType,
  UserRecord,
} from "./model.ts";
import type { ZendeskStore } from "./store-contract.ts";

const STATUSES: readonly TicketStatus[] = ["new", "open", "pending", "hold", "solved", "closed"];
const PRIORITIES: readonly TicketPriority[] = ["low", "normal", "high", "urgent"];
const TYPES: readonly TicketType[] = ["problem", "incident", "question", "task"];

/** The object under `name` in a request body. */
export function memberOf(body: unknown, name: string): JsonObject {
  const member = isJsonObject(body) ? body[name] : undefined;
  if (!isJsonObject(member)) throw invalidAttribute(`${name}: expected an object`);
  return member;
}

/** In any letters: that Zendesk is as tolerant is inferred from the capitals in its webhooks. */
function oneOf<T extends string>(field: string, value: Json, allowed: readonly T[]): T {
  const found = allowed.find((one) => typeof value === "string" && one === value.toLowerCase());
  if (found === undefined) {
    throw recordInvalid(
      field,
      `${field}: ${JSON.stringify(value)} is not one of ${allowed.join(", ")}`,
    );
  }
  return found;
}

function text(field: string, value: Json): string {
  if (typeof value !== "string") throw invalidAttribute(`${field}: expected a string`);
  return value;
}

/** Tags in lower case, from a list or from one text with spaces or commas. */
export function readTags(value: Json | undefined): string[] {
  const tags = typeof value === "string" ? value.split(/[\s,]+/).filter(Boolean) : value;
  if (!Array.isArray(tags)) throw invalidAttribute("tags: expected a list of strings");
  return tags.map((tag) => text("tags", tag).toLowerCase());
}

/** The comment of a write; `undefined` when there is none or it has no text. */
function readComment(value: Json | undefined): NewComment | undefined {
  if (value === undefined || value === null) return undefined;
  const comment = typeof value === "string" ? { body: value } : value;
  if (!isJsonObject(comment)) throw invalidAttribute("comment: expected an object or a string");
  const { body, html_body: html, public: isPublic } = comment as Partial<Record<string, Json>>;
  if (comment["uploads"] !== undefined) {
    throw invalidAttribute("comment.uploads: this stand-in takes no uploads");
  }
  const visibility =
    isPublic === undefined ? {} : { public: isPublic === true || isPublic === "true" };
  if (html !== undefined) {
    const html_body = text("comment.html_body", html);
    return { body: toPlainText(html_body), html_body, ...visibility };
  }
  if (body === undefined) return undefined;
  const plain = stripTags(text("comment.body", body));
  return plain.trim() === "" ? undefined : { body: plain, ...visibility };
}

/** Who wrote the comment: `author_id` where it names somebody. Zendesk takes an unknown id with 200, as the caller's (seen). */
export function readAuthor(value: Json | undefined, store: ZendeskStore): UserRecord | undefined {
  return isJsonObject(value) ? store.user(Number(value["author_id"])) : undefined;
}

/** Custom fields in the list form `[{id, value}]` or the object form `{id: value}`; unknown ids are passed over. */
function readCustomFields(value: Json, store: ZendeskStore): CustomFieldValue[] {
  const list = isJsonObject(value)
    ? Object.entries(value).map(([id, one]) => ({ id: Number(id), value: one }))
    : value;
  if (!Array.isArray(list)) throw invalidAttribute("custom_fields: expected a list");
  return list.flatMap((entry) => {
    if (!isJsonObject(entry)) throw invalidAttribute("custom_fields: expected {id, value}");
    const id = Number(entry["id"]);
    if (!store.fields.get(id)?.removable) return [];
    return [{ id, value: readFieldValue(id, entry["value"] ?? null) }];
  });
}

function readFieldValue(id: number, value: Json): CustomFieldValue["value"] {
  if (Array.isArray(value)) return value.map((one) => text(`custom_fields.${id}`, one));
  if (isJsonObject(value)) throw invalidAttribute(`custom_fields.${id}: expected a plain value`);
  return value;
}

function readAssignee(value: Json, store: ZendeskStore): number | null {
  if (value === null) return null;
  const agent = store.user(Number(value));
  if (!agent || agent.role === "end-user") throw recordInvalid("assignee", "Assignee: is invalid");
  return agent.id;
}

function readGroup(value: Json, store: ZendeskStore): number | null {
  if (value === null) return null;
  const group = store.data.groups.find(({ id }) => id === Number(value));
  if (!group) throw recordInvalid("group", "Group: is invalid");
  return group.id;
}

function readKnown(name: string, value: Json, all: readonly { readonly id: number }[]): number {
  const found = all.find(({ id }) => id === Number(value));
  if (!found) throw recordInvalid(name, `${name}: is invalid`);
  return found.id;
}

function readRequester(value: Json, store: ZendeskStore): number {
  const user = store.user(Number(value));
  if (!user) throw recordInvalid("requester", "Requester: is invalid");
  return user.id;
}

/** Brings the status along that is its category. */
function readCustomStatus(value: Json, store: ZendeskStore): TicketChange {
  const status = store.statuses.get(Number(value));
  if (!status?.active) throw recordInvalid("custom_status_id", "Custom status: is invalid");
  return { custom_status_id: status.id, status: status.status_category };
}

/** One reader for each member that a write may set. Other members are passed over, as Zendesk does. */
const READERS: Readonly<Record<string, (value: Json, store: ZendeskStore) => TicketChange>> = {
  subject: (value) => ({ subject: text("subject", value) }),
  external_id: (value) => ({ external_id: value === null ? null : text("external_id", value) }),
  status: (value) => ({ status: oneOf("status", value, STATUSES) }),
  custom_status_id: (value, store) => readCustomStatus(value, store),
  priority: (value) => ({ priority: value === null ? null : oneOf("priority", value, PRIORITIES) }),
  type: (value) => ({ type: value === null ? null : oneOf("type", value, TYPES) }),
  requester_id: (value, store) => ({ requester_id: readRequester(value, store) }),
  assignee_id: (value, store) => ({ assignee_id: readAssignee(value, store) }),
  group_id: (value, store) => ({ group_id: readGroup(value, store) }),
  organization_id: (value, store) => ({
    organization_id:
      value === null ? null : readKnown("organization", value, store.data.organizations),
  }),
  brand_id: (value, store) => ({ brand_id: readKnown("brand", value, store.data.brands) }),
  ticket_form_id: (value, store) => ({
    ticket_form_id: readKnown("ticket_form", value, store.data.ticketForms),
  }),
  tags: (value) => ({ tags: readTags(value) }),
  custom_fields: (value, store) => ({ custom_fields: readCustomFields(value, store) }),
};

/**
 * The change that a ticket object asks for, its comment included.
 * @throws ZendeskRefusal 400 for a member of the wrong form, 422 for a value that does not exist
 */
export function readChange(ticket: JsonObject, store: ZendeskStore): TicketChange {
  let change: TicketChange = {};
  for (const [member, read] of Object.entries(READERS)) {
    const value = ticket[member];
    if (value !== undefined) change = { ...change, ...read(value, store) };
  }
  const comment = readComment(ticket["comment"]);
  return comment ? { ...change, comment } : change;
}
