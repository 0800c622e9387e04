/** A setting's value for people to read. */
import type { Texts } from "../texts/en.ts";
import { namesOf, type Names } from "#install/account-names";

export function valueText(texts: Texts, names: Names, field: string, value: unknown): string {
  const { settings, common } = texts;
  if (typeof value === "boolean") return value ? settings.on : settings.off;
  if (value === null || value === undefined || value === "") return common.none;
  if (Array.isArray(value)) {
    const isScope = ["forms", "brands", "groups"].includes(field.replace(/^capture_/, ""));
    if (value.length === 0) return isScope ? settings.all : common.none;
    return value.map((one) => oneText(texts, names, field, one)).join(", ");
  }
  return oneText(texts, names, field, value);
}

function oneText(texts: Texts, names: Names, field: string, value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const known = namesOf(names, field);
  // An id that the account no longer has is marked as such.
  if (known) return known.find(({ id }) => id === text)?.name ?? texts.settings.gone(text);
  return texts.settings.choice[text] ?? text;
}

export function labelOf(texts: Texts, field: string): string {
  return texts.settings.label[field] ?? field;
}
