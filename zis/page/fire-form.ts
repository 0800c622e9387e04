/** What the form to fire an event says, and what is wrong with it. */
import { readJsonSource } from "../check/json-source.ts";
import type { Json } from "../model/json.ts";
import type { Zis } from "../services/create-zis.ts";

/** The fields as they were typed. */
export interface FireFields {
  readonly event_source: string;
  readonly event_type: string;
  readonly input: string;
  readonly copies: string;
}

type FieldName = keyof FireFields;

export interface FieldProblem {
  readonly field: FieldName;
  readonly message: string;
}

export type ReadForm =
  | { readonly ok: true; readonly event: Parameters<Zis["accept"]>[0] }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Copies beyond this many are for programs, which have `POST /local/events`. */
const MOST_COPIES = 100;

/** The fields of a sent form; those that are missing are empty. */
export function fieldsOf(body: Readonly<Record<string, unknown>>): FireFields {
  const text = (name: FieldName): string => {
    const value = body[name];
    return typeof value === "string" ? value : "";
  };
  return {
    event_source: text("event_source").trim(),
    event_type: text("event_type").trim(),
    input: text("input"),
    copies: text("copies").trim(),
  };
}

/** The event, or every problem at once. */
export function readForm(fields: FireFields): ReadForm {
  const { event_source, event_type, copies } = fields;
  const problems: FieldProblem[] = [];
  if (event_source === "") {
    problems.push({ field: "event_source", message: "Enter the source, such as support." });
  }
  if (event_type === "") {
    problems.push({
      field: "event_type",
      message: "Enter the type, such as ticket.StatusChanged.",
    });
  }
  const input = readInput(fields.input);
  if ("message" in input) problems.push({ field: "input", message: input.message });
  const count = /^\d{1,3}$/.test(copies) ? Number(copies) : 0;
  if (count < 1 || count > MOST_COPIES) {
    problems.push({ field: "copies", message: `Enter a whole number from 1 to ${MOST_COPIES}.` });
  }
  if (problems.length > 0 || !("value" in input)) return { ok: false, problems };
  return { ok: true, event: { event_source, event_type, input: input.value, copies: count } };
}

function readInput(text: string): { readonly value: Json } | { readonly message: string } {
  if (text.trim() === "") return { message: "Enter the input as JSON; {} if the flow reads none." };
  const broken = readJsonSource(text).problems.find(({ kind }) => kind !== "duplicate-key");
  if (!broken) return { value: JSON.parse(text) as Json };
  const { line, column } = broken.position;
  return { message: `Line ${line}, column ${column}: ${broken.message}` };
}
