/** Steps through the tokens of a jq program, and knows how many results may come out at each place. */
import type { Token } from "./lexer.ts";

/** A program of which too little is understood. */
export class NotUnderstood extends Error {}

export interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  /** Whether any number of results is allowed here. */
  inArray: boolean;
  /** Whether any number of results was met in the array that is being read. */
  any: boolean;
}

/** Whether this symbol or word comes next. */
export function isNext({ tokens, at }: Reader, text: string): boolean {
  const token = tokens[at];
  return (token?.kind === "symbol" || token?.kind === "word") && token.text === text;
}

/** Steps over this symbol or word, if it comes next. */
export function skip(reader: Reader, text: string): boolean {
  const found = isNext(reader, text);
  if (found) reader.at++;
  return found;
}

/** Steps over this symbol or word. Throws NotUnderstood when another comes next. */
export function expect(reader: Reader, text: string): void {
  if (!skip(reader, text)) throw new NotUnderstood();
}

/** A whole number, if one comes next. */
export function wholeNumber(reader: Reader): number | undefined {
  const next = reader.tokens[reader.at];
  if (next?.kind !== "number") return undefined;
  const value = Number(next.text);
  if (!Number.isSafeInteger(value)) throw new NotUnderstood();
  reader.at++;
  return value;
}

/** Notes that any number of results may come out here. */
export function severalResults(reader: Reader): void {
  if (!reader.inArray) throw new NotUnderstood();
  reader.any = true;
}

/** Reads what stands in an array, and says whether it may have any number of results. */
export function inside<T>(reader: Reader, read: () => T): { value: T; any: boolean } {
  const { inArray, any: outer } = reader;
  reader.inArray = true;
  reader.any = false;
  const value = read();
  const { any } = reader;
  reader.inArray = inArray;
  reader.any = outer;
  return { value, any };
}
