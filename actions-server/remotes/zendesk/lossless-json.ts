/** Reads JSON without losing digits: an integer beyond 2^53 becomes its decimal text. */

/** The third argument of a reviver (TC39 "JSON.parse source text access"), not yet in TypeScript's library. */
type SourceReviver = (
  key: string,
  value: unknown,
  context: { readonly source?: string },
) => unknown;
type ParseWithSource = (text: string, reviver: SourceReviver) => unknown;

const parseWithSource = JSON.parse as ParseWithSource;

const keepDigits: SourceReviver = (_key, value, { source }) =>
  typeof value === "number" &&
  !Number.isSafeInteger(value) &&
  source !== undefined &&
  /^-?\d+$/.test(source)
    ? source
    : value;

/** Throws a SyntaxError like JSON.parse. The reviver is slow, so it is used only for texts with a long number. */
export function parseLossless(text: string): unknown {
  return /\d{16}/.test(text) ? parseWithSource(text, keepDigits) : JSON.parse(text);
}
