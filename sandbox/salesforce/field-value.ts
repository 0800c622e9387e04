/** Which values a field takes: types, lengths and forms of what a client writes. */
import { formatDatetime, isDay, parseDatetime } from "./datetime.ts";
import { refusal, type SalesforceError } from "./errors.ts";
import { toId18 } from "./ids.ts";
import type { FieldSchema, FieldType, SfValue } from "./schema.ts";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** How the platform's JSON reader names what it met. */
function tokenName(value: unknown): string {
  if (typeof value === "string") return "VALUE_STRING";
  if (typeof value === "boolean") return value ? "VALUE_TRUE" : "VALUE_FALSE";
  if (typeof value === "number") {
    return Number.isInteger(value) ? "VALUE_NUMBER_INT" : "VALUE_NUMBER_FLOAT";
  }
  return Array.isArray(value) ? "START_ARRAY" : "START_OBJECT";
}

function cannotDeserialize(field: FieldSchema, wanted: string, value: unknown): SalesforceError {
  const shown = typeof value === "object" ? "" : ` value ${JSON.stringify(value)}`;
  return refusal(
    400,
    "JSON_PARSER_ERROR",
    `Cannot deserialize instance of ${wanted} from ${tokenName(value)}${shown} (field ${field.name})`,
  );
}

function checkLength(field: FieldSchema, value: string): void {
  const size = field.countsBytes ? Buffer.byteLength(value, "utf8") : value.length;
  if (field.length === 0 || size <= field.length) return;
  throw refusal(
    400,
    "STRING_TOO_LONG",
    `${field.label}: data value too large: ${value.slice(0, 255)} (max length=${field.length})`,
    [field.name],
  );
}

function toText(field: FieldSchema, value: unknown): SfValue {
  if (typeof value !== "string") throw cannotDeserialize(field, "string", value);
  const text = field.type === "textarea" ? value : value.trim();
  // An empty text is stored as no value at all.
  if (text === "") return null;
  checkLength(field, text);
  if (field.type === "email" && !EMAIL.test(text)) {
    throw refusal(400, "INVALID_EMAIL_ADDRESS", `${field.label}: invalid email address: ${text}`, [
      field.name,
    ]);
  }
  return text;
}

function toReference(field: FieldSchema, value: unknown): SfValue {
  if (typeof value !== "string") throw cannotDeserialize(field, "reference", value);
  if (value === "") return null;
  const id = toId18(value);
  if (id) return id;
  throw refusal(400, "MALFORMED_ID", `${field.label}: id value of incorrect type: ${value}`, [
    field.name,
  ]);
}

function toDatetime(field: FieldSchema, value: unknown): SfValue {
  const instant = typeof value === "string" ? parseDatetime(value) : undefined;
  if (!instant) throw cannotDeserialize(field, "datetime", value);
  return formatDatetime(instant);
}

function toDay(field: FieldSchema, value: unknown): SfValue {
  if (typeof value === "string" && isDay(value)) return value;
  throw cannotDeserialize(field, "date", value);
}

function toNumber(field: FieldSchema, value: unknown): SfValue {
  if (typeof value === "number") return value;
  throw cannotDeserialize(field, "double", value);
}

function toBoolean(field: FieldSchema, value: unknown): SfValue {
  if (typeof value === "boolean") return value;
  throw cannotDeserialize(field, "boolean", value);
}

const READERS: Readonly<Record<FieldType, (field: FieldSchema, value: unknown) => SfValue>> = {
  id: toReference,
  reference: toReference,
  string: toText,
  email: toText,
  phone: toText,
  picklist: toText,
  textarea: toText,
  datetime: toDatetime,
  date: toDay,
  double: toNumber,
  boolean: toBoolean,
};

/**
 * The value as the org stores it.
 * @throws SalesforceError 400 when the field does not take it: JSON_PARSER_ERROR, STRING_TOO_LONG,
 *   INVALID_EMAIL_ADDRESS, MALFORMED_ID or INVALID_TYPE_ON_FIELD_IN_RECORD.
 */
export function toStored(field: FieldSchema, value: unknown): SfValue {
  if (value !== null) return READERS[field.type](field, value);
  if (field.type !== "boolean") return null;
  throw refusal(
    400,
    "INVALID_TYPE_ON_FIELD_IN_RECORD",
    `${field.label}: value not of required type: `,
    [field.name],
  );
}
