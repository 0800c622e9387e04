/** Makes texts that Postgres can hold: neither text nor jsonb takes a NUL, and jsonb takes no half of a surrogate pair. */

const REPLACEMENT = "\ufffd";

/** The text with what Postgres refuses replaced by U+FFFD; every other character stays. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", REPLACEMENT);
}

/** The same for every text in a JSON value, names of members included. */
export function storableJson(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storableJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [storableText(name), storableJson(member)]),
  );
}
