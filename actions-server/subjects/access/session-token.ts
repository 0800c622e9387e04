/** The form of a session's token, and the form in which the database keeps it. */
import { createHash, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** A token as it was sent, and the account that it claims, because every query needs an account. */
export interface SessionToken {
  readonly account: string;
  readonly token: string;
}

/** Distinguishes a session's token from a server token. */
const PREFIX = "cqs_";
/** 256 bits cannot be guessed. */
const TOKEN_BYTES = 32;
const HEADER = /^Bearer +(cqs_([a-z0-9][a-z0-9-]{0,62})\.[A-Za-z0-9_-]{43})$/i;

export function newSessionToken(account: string): string {
  return `${PREFIX}${account}.${randomBytes(TOKEN_BYTES).toString("base64url")}`;
}

/** Undefined: another credential, or none. */
export function readSessionToken({ authorization }: IncomingHttpHeaders): SessionToken | undefined {
  const [, token, account] = HEADER.exec(authorization ?? "") ?? [];
  return token === undefined || account === undefined ? undefined : { account, token };
}

/** The database has only hashes, so whoever reads it cannot act as a user. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
