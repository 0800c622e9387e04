/** Writes SOQL: the one place where a value becomes part of a query. */
import { AppError } from "#platform/errors";

/**
 * A quoted SOQL literal. Salesforce knows few escapes and refuses any other backslash. So backslash, quote and the named
 * control characters are escaped, and every other control character is written as \uXXXX
 * (SOQL reference, "Quoted string escape sequences"). Half of a surrogate pair becomes U+FFFD, because no URL can carry it.
 */
export function quote(value: string): string {
  const escaped = value.toWellFormed().replace(/[\\']|\p{Cc}/gu, escapeCharacter);
  return `'${escaped}'`;
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0).toString(16).padStart(4, "0");
  return NAMED_ESCAPES[character] ?? `\\u${code}`;
}

/** The name of a field cannot be quoted, so anything but a plain name is refused. */
export function fieldName(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9_]{0,79}$/.test(name)) return name;
  throw new AppError(
    "BAD_REQUEST",
    `case_external_id_field: ${JSON.stringify(name.slice(0, 80))} is not the name of a Salesforce field`,
  );
}

/** One more than a reply can list, to see whether there are more. */
const CASE_LIMIT = 11;

function selectCases(condition: string): string {
  // Case numbers are assigned in order, so this puts the newest cases first.
  return `SELECT Id, CaseNumber, Subject, Status, IsClosed FROM Case WHERE ${condition} ORDER BY CaseNumber DESC LIMIT ${CASE_LIMIT}`;
}

/** The case of this id. */
export function caseById(id: string): string {
  return selectCases(`Id = ${quote(id)}`);
}

/** Cases with one of these numbers, open or closed. */
export function casesByNumber(numbers: readonly [string, ...string[]]): string {
  return selectCases(`CaseNumber IN (${numbers.map(quote).join(", ")})`);
}

/** Cases whose external id field (a text field) has this value. */
export function casesByExternalId(field: string, value: string): string {
  return selectCases(`${fieldName(field)} = ${quote(value)}`);
}

/** Open cases with this address: that of the case's contact, or the one captured from a web form or an e-mail. */
export function openCasesByEmail(email: string): string {
  const address = quote(email);
  return selectCases(
    `IsClosed = false AND (ContactEmail = ${address} OR SuppliedEmail = ${address})`,
  );
}
