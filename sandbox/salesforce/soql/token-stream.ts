/** How the parser reads tokens: look, take, demand, and say what was not expected. */
import { tokenize, type Token } from "./lexer.ts";
import { queryError } from "./query-error.ts";

export interface Tokens {
  peek(ahead?: number): Token;
  next(): Token;
  /** Takes the words given, in order, when they come next. */
  takeWords(...words: readonly string[]): boolean;
  takeSymbol(symbol: string): boolean;
  expectWord(word: string): void;
  expectSymbol(symbol: string): void;
  expectEnd(): void;
  unexpected(token: Token): Error;
  fail(at: number, message: string): Error;
}

const isWord = (token: Token, word: string): boolean =>
  token.kind === "word" && token.text.toUpperCase() === word;

/** The tokens of a query, read from the left. @throws SalesforceError 400 MALFORMED_QUERY */
export function createTokens(text: string): Tokens {
  const tokens = tokenize(text);
  const end = tokens.at(-1) ?? { kind: "end" as const, text: "<EOF>", at: text.length };
  let position = 0;

  const peek = (ahead = 0): Token => tokens[position + ahead] ?? end;
  const next = (): Token => {
    const token = peek();
    position += 1;
    return token;
  };
  const fail = (at: number, message: string): Error => queryError(text, at, message);
  const unexpected = (token: Token): Error => fail(token.at, `unexpected token: '${token.text}'`);
  const takeWords = (...words: readonly string[]): boolean => {
    if (!words.every((word, index) => isWord(peek(index), word))) return false;
    position += words.length;
    return true;
  };
  const takeSymbol = (symbol: string): boolean => {
    if (peek().kind !== "symbol" || peek().text !== symbol) return false;
    position += 1;
    return true;
  };

  return {
    peek,
    next,
    takeWords,
    takeSymbol,
    fail,
    unexpected,
    expectWord(word) {
      if (!takeWords(word)) throw unexpected(peek());
    },
    expectSymbol(symbol) {
      if (!takeSymbol(symbol)) throw unexpected(peek());
    },
    expectEnd() {
      if (peek().kind !== "end") throw unexpected(peek());
    },
  };
}
