/** Settings that are being edited: how typed text becomes values, and how two people's changes meet. Pure. */
import type { Settings } from "#contract/settings/settings";
import type { FieldProblem } from "#install/settings-check";
import type { SettingName } from "./fields.ts";

/** The ids in a text field: split at every character that cannot be part of an id. */
export function readList(text: string, by: "line" | "id"): readonly string[] {
  return text
    .split(by === "line" ? /\r?\n/ : /[\s,;]+/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** An empty field means null where that is allowed. */
export function readText(text: string, nullable: boolean): string | null {
  const trimmed = text.trim();
  return trimmed === "" && nullable ? null : trimmed;
}

/** What is no whole number stays text, for the check to refuse. */
export function readNumber(text: string): number | string {
  const trimmed = text.trim();
  return /^\d{1,9}$/.test(trimmed) ? Number(trimmed) : trimmed;
}

/** A list with one id added or taken out; ids may be numbers or text. */
export function toggleId(
  ids: readonly (number | string)[],
  id: string,
  isIn: boolean,
): (number | string)[] {
  const others = ids.filter((other) => String(other) !== id);
  if (!isIn) return others;
  return others.length === ids.length ? [...ids, id] : [...ids];
}

/** A list with the element at `from` at `to` instead. */
export function moveItem<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...items.slice(from, from + 1), ...rest.slice(to)];
}

/** One setting exchanged. */
export function withSetting(settings: Settings, name: SettingName, value: unknown): Settings {
  return { ...settings, [name]: value };
}

/** Theirs, with what I changed since `base` on top. */
export function rebase(base: Settings, mine: Settings, theirs: Settings): Settings {
  const changed = Object.entries(mine).filter(
    ([name, value]) =>
      name !== "version" &&
      name !== "revision" &&
      JSON.stringify(value) !== JSON.stringify(base[name as SettingName]),
  );
  return { ...theirs, ...Object.fromEntries(changed) };
}

/** The first problem of each field; those of a list's elements count for the list. */
export function problemsByField(problems: readonly FieldProblem[]): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const { field, message } of problems) {
    const [name = "", ...rest] = field.split("/").filter((part) => part !== "");
    const place = rest.length === 0 ? "" : `${Number(rest[0]) + 1}: `;
    if (!first.has(name)) first.set(name, `${place}${message}`);
  }
  return first;
}
