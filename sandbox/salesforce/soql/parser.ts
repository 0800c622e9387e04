/** Which query a SOQL text states; the grammar's part that the stand-in knows. */
import { refusal } from "../errors.ts";
import type { Token } from "./lexer.ts";
import { createTokens, type Tokens } from "./token-stream.ts";
import type {
  Comparison,
  Condition,
  Literal,
  OrderItem,
  Path,
  Query,
  SelectItem,
} from "./syntax.ts";

/** SOQL and SOSL limits: characters in a statement, and in one text literal of WHERE. */
const MAX_STATEMENT = 100_000;
const MAX_LITERAL = 4_000;
/** Parentheses within parentheses; deeper ones are refused rather than overflowing the stack. */
const MAX_DEPTH = 200;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  "=": "=",
  "!=": "!=",
  "<>": "!=",
  "<": "<",
  ">": ">",
  "<=": "<=",
  ">=": ">=",
};

const SPAN =
  /^(?:YESTERDAY|TODAY|TOMORROW|(?:LAST|THIS|NEXT)_(?:WEEK|MONTH|YEAR)|(?:LAST|NEXT)_90_DAYS|(?:LAST|NEXT)_N_DAYS:\d+|N_DAYS_AGO:\d+)$/i;

/**
 * Parses one statement.
 * @throws SalesforceError 400 MALFORMED_QUERY with the place, or QUERY_TOO_COMPLICATED
 */
export function parseQuery(text: string): Query {
  if (text.trim() === "") {
    throw refusal(400, "MALFORMED_QUERY", "A query string has to be specified");
  }
  if (text.length > MAX_STATEMENT) {
    throw refusal(
      400,
      "QUERY_TOO_COMPLICATED",
      `SOQL statements cannot be longer than ${MAX_STATEMENT} characters.`,
    );
  }
  const tokens = createTokens(text);
  const query = parseSelect(tokens, false);
  tokens.expectEnd();
  return query;
}

function parseSelect(tokens: Tokens, isSubquery: boolean): Query {
  tokens.expectWord("SELECT");
  const select = parseSelectList(tokens, isSubquery);
  tokens.expectWord("FROM");
  const from = tokens.next();
  if (from.kind !== "word") throw tokens.unexpected(from);
  const where = tokens.takeWords("WHERE") ? parseCondition(tokens, 0) : undefined;
  if (tokens.takeWords("GROUP", "BY")) {
    throw tokens.fail(tokens.peek().at, "GROUP BY is beyond this stand-in");
  }
  const orderBy = tokens.takeWords("ORDER", "BY") ? parseOrderBy(tokens) : [];
  const limit = tokens.takeWords("LIMIT") ? parseCount(tokens) : undefined;
  const offset = tokens.takeWords("OFFSET") ? parseCount(tokens) : 0;
  return {
    select,
    from: { name: from.text, at: from.at },
    ...(where ? { where } : {}),
    orderBy,
    ...(limit === undefined ? {} : { limit }),
    offset,
  };
}

function parseSelectList(tokens: Tokens, isSubquery: boolean): Query["select"] {
  if (!isSubquery && tokens.peek(1).text === "(" && tokens.takeWords("COUNT")) {
    tokens.expectSymbol("(");
    if (!tokens.takeSymbol(")")) {
      throw tokens.fail(tokens.peek().at, "aggregates other than COUNT() are beyond this stand-in");
    }
    return "count";
  }
  const items: SelectItem[] = [];
  do items.push(parseSelectItem(tokens, isSubquery));
  while (tokens.takeSymbol(","));
  return items;
}

function parseSelectItem(tokens: Tokens, isSubquery: boolean): SelectItem {
  const { at } = tokens.peek();
  if (isSubquery || !tokens.takeSymbol("(")) return { kind: "field", path: parsePath(tokens) };
  const query = parseSelect(tokens, true);
  tokens.expectSymbol(")");
  return { kind: "children", query, at };
}

function parsePath(tokens: Tokens): Path {
  const first = tokens.next();
  if (first.kind !== "word") throw tokens.unexpected(first);
  const names = [first.text];
  while (tokens.takeSymbol(".")) {
    const name = tokens.next();
    if (name.kind !== "word") throw tokens.unexpected(name);
    names.push(name.text);
  }
  if (tokens.peek().text === "(" && tokens.peek().kind === "symbol") {
    throw tokens.fail(first.at, `the function ${first.text}() is beyond this stand-in`);
  }
  return { names, at: first.at };
}

/** AND and OR do not mix without parentheses: the platform refuses rather than guess. */
function parseCondition(tokens: Tokens, depth: number): Condition {
  const first = parseTerm(tokens, depth);
  for (const kind of ["and", "or"] as const) {
    const terms = [first];
    while (tokens.takeWords(kind.toUpperCase())) terms.push(parseTerm(tokens, depth));
    if (terms.length > 1) return { kind, terms };
  }
  return first;
}

function parseTerm(tokens: Tokens, depth: number): Condition {
  if (depth > MAX_DEPTH) {
    throw refusal(
      400,
      "QUERY_TOO_COMPLICATED",
      "Query is either selecting too many fields or the filter conditions are too complicated.",
    );
  }
  if (tokens.takeWords("NOT")) return { kind: "not", term: parseTerm(tokens, depth + 1) };
  if (!tokens.takeSymbol("(")) return parseComparison(tokens);
  const inner = parseCondition(tokens, depth + 1);
  tokens.expectSymbol(")");
  return inner;
}

function parseComparison(tokens: Tokens): Condition {
  const path = parsePath(tokens);
  if (tokens.takeWords("LIKE")) {
    return { kind: "like", path, pattern: parseLiteral(tokens) };
  }
  const negated = tokens.takeWords("NOT", "IN");
  if (negated || tokens.takeWords("IN")) {
    return { kind: "in", path, negated, values: parseList(tokens) };
  }
  const token = tokens.next();
  const operator = token.kind === "symbol" ? COMPARISONS[token.text] : undefined;
  if (!operator) throw tokens.unexpected(token);
  return { kind: "compare", path, operator, value: parseLiteral(tokens) };
}

function parseList(tokens: Tokens): Literal[] {
  tokens.expectSymbol("(");
  if (tokens.peek().text.toUpperCase() === "SELECT") {
    throw tokens.fail(tokens.peek().at, "semi-joins are beyond this stand-in");
  }
  const values: Literal[] = [];
  do values.push(parseLiteral(tokens));
  while (tokens.takeSymbol(","));
  tokens.expectSymbol(")");
  return values;
}

function parseLiteral(tokens: Tokens): Literal {
  const token = tokens.next();
  const { at, text } = token;
  switch (token.kind) {
    case "string":
      if (text.length > MAX_LITERAL) {
        throw tokens.fail(at, `string literals cannot be longer than ${MAX_LITERAL} characters`);
      }
      return { kind: "string", raw: text, at };
    case "number":
      return { kind: "number", value: Number(text), at };
    case "datetime":
    case "date":
      return { kind: token.kind, text, at };
    case "word":
      return parseWordLiteral(tokens, token);
    case "symbol":
    case "end":
      break;
  }
  throw tokens.unexpected(token);
}

function parseWordLiteral(tokens: Tokens, token: Token): Literal {
  const { at } = token;
  const word = token.text.toUpperCase();
  if (word === "NULL") return { kind: "null", at };
  if (word === "TRUE" || word === "FALSE") return { kind: "boolean", value: word === "TRUE", at };
  if (SPAN.test(word)) return { kind: "span", text: word, at };
  // A bare name on the right: the platform takes it for a variable of its own language.
  if (/^[A-Z]\w*$/.test(word)) {
    throw tokens.fail(at, "Bind variables only allowed in Apex code");
  }
  throw tokens.unexpected(token);
}

function parseOrderBy(tokens: Tokens): OrderItem[] {
  const items: OrderItem[] = [];
  do {
    const path = parsePath(tokens);
    const descending = tokens.takeWords("DESC");
    if (!descending) tokens.takeWords("ASC");
    // SOQL reference, ORDER BY: nulls come first unless the query says otherwise.
    const nullsLast = tokens.takeWords("NULLS", "LAST");
    if (!nullsLast) tokens.takeWords("NULLS", "FIRST");
    items.push({ path, descending, nullsLast });
  } while (tokens.takeSymbol(","));
  return items;
}

function parseCount(tokens: Tokens): number {
  const token = tokens.next();
  if (token.kind !== "number" || !/^\d+$/.test(token.text)) throw tokens.unexpected(token);
  return Number(token.text);
}
