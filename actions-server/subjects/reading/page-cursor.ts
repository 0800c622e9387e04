/** Places in a list, as clients carry them: opaque to them, checked when they come back. Pure. */
import { AppError } from "#platform/errors";

/** Text and numbers in the order of the list's sort columns. */
export function writeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/**
 * `forms`: one for each column of the sort, in their order.
 *
 * @throws AppError BAD_REQUEST for a text that `writeCursor` did not make for this list
 */
export function readCursor(text: string, forms: readonly RegExp[]): readonly string[] {
  const place = parse(text);
  const isRight =
    Array.isArray(place) &&
    place.length === forms.length &&
    place.every((part, at) => forms[at]?.test(String(part)));
  if (!isRight) {
    throw new AppError("BAD_REQUEST", "query.after is not a `next` of this list: begin without it");
  }
  return place.map(String);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    return undefined;
  }
}
