/** Which mock answers a request. */
import { HTTP_METHODS } from "../model/action.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { matchesWildcard } from "../services/fields.ts";
import { readArray } from "./files.ts";
import type { UsageError } from "../terminal/usage-error.ts";

export interface Mock {
  /** In capitals, or `*` for any. */
  readonly method: string;
  /** A URL in which `*` stands for any run of characters. */
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyText: string;
  /** How long the answer takes, in milliseconds of the flow's time. */
  readonly delayMs: number;
  /** How often it answers. */
  readonly times: number;
}

/** Answers with the first mock that matches and is not used up. */
export type FindMock = (method: string, url: string) => Mock | undefined;

/** A finder that counts the uses of each mock. */
export function createMocks(mocks: readonly Mock[]): FindMock {
  const used = new Map<Mock, number>();
  return (method, url) => {
    const found = mocks.find(
      (mock) => (used.get(mock) ?? 0) < mock.times && matches(mock, method, url),
    );
    if (found) used.set(found, (used.get(found) ?? 0) + 1);
    return found;
  };
}

function matches(mock: Mock, method: string, url: string): boolean {
  if (mock.method !== "*" && mock.method !== method) return false;
  return matchesWildcard(canonical(mock.url), url) || matchesWildcard(plain(mock.url), plain(url));
}

/** A literal as URLs are sent: `https://a.example` has the path `/`. */
function canonical(pattern: string): string {
  return !pattern.includes("*") && URL.canParse(pattern) ? new URL(pattern).href : pattern;
}

/** A URL as people write it, so that a mock need not know how queries are encoded. */
function plain(url: string): string {
  const spaced = url.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** Reads a file of mocks. Throws a UsageError that points at the first wrong one. */
export async function readMocks(file: string): Promise<Mock[]> {
  const { value, problem } = await readArray(file, "the mocks");
  return value.map((each, index) =>
    toMock(each, (member, message) =>
      problem(member === "" ? `/${index}` : `/${index}/${member}`, `mock ${index}: ${message}`),
    ),
  );
}

type Complain = (member: string, message: string) => UsageError;

const MEMBERS = ["method", "url", "status", "headers", "body", "delayMs", "times"];

function toMock(value: Json, complain: Complain): Mock {
  if (!isJsonObject(value)) throw complain("", "must be an object");
  const unknown = Object.keys(value).find((member) => !MEMBERS.includes(member));
  if (unknown !== undefined) {
    throw complain(
      unknown,
      `${unknown} is not a member of a mock; there are ${MEMBERS.join(", ")}`,
    );
  }
  return {
    method: methodOf(value, complain),
    url: urlOf(value, complain),
    status: numberOf(value, "status", 200, { from: 200, to: 599, whole: true }, complain),
    headers: headersOf(value, complain),
    bodyText: bodyTextOf(value["body"]),
    delayMs: numberOf(value, "delayMs", 0, { from: 0, to: Number.MAX_SAFE_INTEGER }, complain),
    times: numberOf(
      value,
      "times",
      Number.MAX_SAFE_INTEGER,
      { from: 0, to: Number.MAX_SAFE_INTEGER, whole: true },
      complain,
    ),
  };
}

function methodOf({ method }: JsonObject, complain: Complain): string {
  const known = [...HTTP_METHODS, "*"];
  const name = typeof method === "string" ? method.toUpperCase() : "";
  if (known.includes(name)) return name;
  throw complain("method", `method must be one of ${known.join(", ")}`);
}

function urlOf({ url }: JsonObject, complain: Complain): string {
  if (typeof url === "string" && url !== "") return url;
  throw complain("url", "url must be a URL, in which * stands for any characters");
}

function numberOf(
  mock: JsonObject,
  member: string,
  absent: number,
  {
    from,
    to,
    whole = false,
  }: { readonly from: number; readonly to: number; readonly whole?: boolean },
  complain: Complain,
): number {
  const value = mock[member];
  if (value === undefined || value === null) return absent;
  const isOfKind = typeof value === "number" && (!whole || Number.isInteger(value));
  if (isOfKind && value >= from && value <= to) return value;
  const range = to === Number.MAX_SAFE_INTEGER ? `of at least ${from}` : `from ${from} to ${to}`;
  throw complain(member, `${member} must be a ${whole ? "whole number" : "number"} ${range}`);
}

function headersOf({ headers = {} }: JsonObject, complain: Complain): Record<string, string> {
  if (!isJsonObject(headers)) throw complain("headers", "headers must be an object");
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (typeof value === "string" || typeof value === "number") return [name, String(value)];
      throw complain("headers", `the header ${name} must be a string`);
    }),
  );
}

/** A string is the text of the reply; anything else is sent as JSON. */
function bodyTextOf(body: Json | undefined): string {
  if (body === undefined) return "";
  return typeof body === "string" ? body : JSON.stringify(body);
}
