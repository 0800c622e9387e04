/** Who is calling: a bearer token, a user name with its password, or an API key stands for one account. */
import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Scope } from "#contract/routes/route";
import { AppError } from "../errors.ts";
import { hashSecret, type CallerKind, type Credential } from "./callers.ts";

export type Caller =
  | {
      readonly known: true;
      readonly account: string;
      readonly kind: CallerKind;
      /** What the credential is for. */
      readonly scopes: readonly Scope[];
    }
  /** `problem` is for the caller and shows nothing of what was sent. */
  | { readonly known: false; readonly kind: CallerKind | "none"; readonly problem: string };

/** Finds the caller of a request by its headers. */
export type Identify = (headers: IncomingHttpHeaders) => Caller;

const BEARER = /^Bearer +([^\s]+)$/i;
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;

export interface ShownSecret {
  readonly kind: CallerKind;
  readonly secret: string | Buffer;
}

/** Authorization counts before the API key. Undefined: none is shown in a form that we know. */
export function readShown(
  headers: IncomingHttpHeaders,
  apiKeyHeader: string,
): ShownSecret | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const token = BEARER.exec(authorization)?.[1];
    if (token !== undefined) return { kind: "bearer", secret: token };
    const pair = BASIC.exec(authorization)?.[1];
    return pair === undefined ? undefined : { kind: "basic", secret: Buffer.from(pair, "base64") };
  }
  const key = headers[apiKeyHeader];
  return typeof key === "string" ? { kind: "api_key", secret: key } : undefined;
}

/** `admin` is for everything that is read, too. Throws FORBIDDEN. */
export function requireScope(held: readonly Scope[], needed: Scope): void {
  if (held.includes(needed) || (needed === "read" && held.includes("admin"))) return;
  throw new AppError("FORBIDDEN", `the server token does not have the scope ${needed}`);
}

const UNKNOWN: Readonly<Record<CallerKind, string>> = {
  bearer: "the bearer token is unknown",
  basic: "the user name or password is unknown",
  api_key: "the API key is unknown",
};

/** Compares hashes with every known secret, so that the time taken reveals nothing about them. */
export function createIdentify(credentials: readonly Credential[], apiKeyHeader: string): Identify {
  return (headers) => {
    const shown = readShown(headers, apiKeyHeader);
    if (!shown) {
      const problem = `the credential is missing: Authorization: Bearer or Basic, or ${apiKeyHeader}`;
      return { known: false, kind: "none", problem };
    }
    const { kind } = shown;
    const sha256 = hashSecret(shown.secret);
    let match: Credential | undefined;
    for (const known of credentials) {
      if (timingSafeEqual(known.sha256, sha256) && known.kind === kind) match ??= known;
    }
    return match
      ? { known: true, account: match.account, kind, scopes: match.scopes }
      : { known: false, kind, problem: UNKNOWN[kind] };
  };
}
