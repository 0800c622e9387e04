/** How JSON is shown in little room: a line for each member, long values cut with a note. */
import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type Json } from "../model/json.ts";
import { visible } from "../model/visible.ts";

/** Members of an object, or items of an array, that are shown. */
const MOST_LINES = 25;

/** Characters of a line that are shown; the note of what is left out comes on top. */
const MOST_CHARACTERS = 120;

/** The value on one line if it is short, else a line for each member or item. */
export function outline(value: Json): string[] {
  return lines(value, () => "");
}

/** The outline of a value with `+` before members that `before` lacks and `~` before those it has otherwise. */
export function outlineOfChange(value: Json, before: Json): string[] {
  if (!isJsonObject(value) || !isJsonObject(before)) return outline(value);
  return lines(value, (key) => {
    if (!Object.hasOwn(before, key)) return "+ ";
    return isDeepStrictEqual(value[key], before[key]) ? "  " : "~ ";
  });
}

function lines(value: Json, mark: (key: string) => string): string[] {
  const marked = isJsonObject(value) && mark(Object.keys(value)[0] ?? "") !== "";
  const whole = written(value);
  if (!marked && whole.length <= MOST_CHARACTERS) return [whole];
  if (Array.isArray(value)) {
    return limited(
      value.map((item, index) => `[${index}] ${cut(written(item))}`),
      "items",
    );
  }
  if (!isJsonObject(value) || (!marked && Object.keys(value).length === 1)) return [cut(whole)];
  const members = Object.entries(value).map(
    ([key, member]) => `${mark(key)}${visible(key)}: ${cut(written(member))}`,
  );
  return limited(members, "members");
}

function written(value: Json): string {
  return visible(JSON.stringify(value));
}

function limited(all: readonly string[], what: string): string[] {
  if (all.length <= MOST_LINES) return [...all];
  return [...all.slice(0, MOST_LINES), `... ${all.length - MOST_LINES} more ${what}`];
}

function cut(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS)} ... ${text.length - MOST_CHARACTERS} more characters`;
}
