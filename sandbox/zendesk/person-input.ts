/** Reads the body of a write on a person: what is to change, or why the body will not do. */
import { isJsonObject, type Json, type JsonObject } from "#zis/model/json";
import { invalidAttribute, recordInvalid } from "./errors.ts";
import type { UserRecord } from "./model.ts";
import { readTags } from "./ticket-input.ts";

type Change = Partial<UserRecord>;

function text(name: string, value: Json): string {
  if (typeof value !== "string") throw invalidAttribute(`${name}: expected a string`);
  return value;
}

const textOrNull = (name: string, value: Json) =>
  value === null || value === "" ? null : text(name, value);

function idOrNull(name: string, value: Json): number | null {
  if (value === null) return null;
  const id = Number(value);
  if (!Number.isSafeInteger(id)) throw recordInvalid(name, `${name}: is invalid`);
  return id;
}

function readName(value: Json): string {
  const name = text("name", value);
  if (name.trim() === "") throw recordInvalid("name", "Name: is too short (minimum one character)");
  return name;
}

function readRole(value: Json): UserRecord["role"] {
  if (value === "end-user" || value === "agent" || value === "admin") return value;
  throw recordInvalid("role", `Role: ${JSON.stringify(value)} is not a valid role`);
}

function readFields(value: Json): JsonObject {
  if (!isJsonObject(value)) throw invalidAttribute("user_fields: expected an object");
  return value;
}

/** One reader for each member that a write may set; others are passed over, as Zendesk does. */
const READERS: Readonly<Record<string, (value: Json) => Change>> = {
  name: (value) => ({ name: readName(value) }),
  role: (value) => ({ role: readRole(value) }),
  suspended: (value) => ({ suspended: value === true || value === "true" }),
  phone: (value) => ({ phone: textOrNull("phone", value) }),
  alias: (value) => ({ alias: textOrNull("alias", value) }),
  details: (value) => ({ details: textOrNull("details", value) }),
  notes: (value) => ({ notes: textOrNull("notes", value) }),
  external_id: (value) => ({ external_id: textOrNull("external_id", value) }),
  locale: (value) => ({ locale: text("locale", value) }),
  time_zone: (value) => ({ time_zone: text("time_zone", value) }),
  tags: (value) => ({ tags: [...new Set(readTags(value))].toSorted() }),
  user_fields: (value) => ({ user_fields: readFields(value) }),
  custom_role_id: (value) => ({ custom_role_id: idOrNull("custom_role_id", value) }),
  organization_id: (value) => ({ organization_id: idOrNull("organization_id", value) }),
};

/**
 * The members that a user object sets, without its address.
 * @throws ZendeskRefusal 400 for a member of the wrong form, 422 for a value that cannot be
 */
export function readPerson(user: JsonObject): Change {
  let change: Change = {};
  for (const [member, read] of Object.entries(READERS)) {
    const value = user[member];
    if (value !== undefined) change = { ...change, ...read(value) };
  }
  return change;
}

/** The address that a user object gives; undefined when it gives none. */
export function readAddress(user: JsonObject): string | undefined {
  const { email } = user;
  if (email === undefined || email === null) return undefined;
  if (typeof email !== "string" || !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw recordInvalid("email", `Email: ${JSON.stringify(email)} is not properly formatted`);
  }
  return email;
}
