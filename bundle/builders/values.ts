/** Values that a state hands to an action: literals, paths into the flow's data, and text with placeholders. */
import type { Json, JsonObject } from "#zis/model/json";

/** A reference path into the flow's data. */
export type Path = "$" | `$.${string}`;

/** Text that a `.$` key resolves: a whole path keeps the JSON type, placeholders make a string. */
interface Reference {
  readonly reference: string;
}

/** The value at a path of the flow's data, with its JSON type: `at("$.input.ticket_event.ticket.id")`. */
export function at(path: Path): Reference {
  return { reference: path };
}

/** Text with at least one placeholder `{{$.path}}`. */
export type Template = `${string}{{$.${string}}}${string}`;

/** A string with placeholders: text("zendesk:ticket:{{$.input.ticket_event.ticket.id}}"). */
export function text(template: Template): Reference {
  return { reference: template };
}

/** A literal of type T, or a reference that gives one when the flow runs. */
export type Value<T> = T | Reference;

/** What may stand for an object of type T: each member a literal or a reference. */
export type Values<T> = { readonly [K in keyof T]: Value<T[K]> };

function isReference(value: unknown): value is Reference {
  return typeof value === "object" && value !== null && "reference" in value;
}

/**
 * Writes values the way Parameters spell them: a reference's key gets the suffix `.$`. Members that are
 * undefined are left out.
 */
export function parameters(values: Readonly<Record<string, Value<Json> | undefined>>): JsonObject {
  const entries: [string, Json][] = [];
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    entries.push(isReference(value) ? [`${key}.$`, value.reference] : [key, value]);
  }
  return Object.fromEntries(entries);
}
