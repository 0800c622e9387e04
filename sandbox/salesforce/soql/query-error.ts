/** How a query's error is shown: its surroundings, a caret under it, row and column, the reason. */
import { refusal, type SalesforceError } from "../errors.ts";

const BEFORE = 30;
const AFTER = 30;

/**
 * A refusal that points into the query: the layout is the one that third parties quote; how much of
 * the query is shown around the place is inferred from their quotes.
 * @param at where in `text`, from 0
 */
export function queryError(
  text: string,
  at: number,
  message: string,
  errorCode = "MALFORMED_QUERY",
): SalesforceError {
  const linesBefore = text.slice(0, at).split("\n");
  const row = linesBefore.length;
  const column = (linesBefore.at(-1)?.length ?? 0) + 1;
  const start = Math.max(at - (column - 1), at - BEFORE);
  const line = text.slice(start).split("\n", 1)[0] ?? "";
  const shown = line.slice(0, at - start + AFTER);
  return refusal(
    400,
    errorCode,
    `\n${shown}\n${" ".repeat(at - start)}^\nERROR at Row:${row}:Column:${column}\n${message}`,
  );
}
