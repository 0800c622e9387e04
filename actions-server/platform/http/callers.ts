/** Reads the setting that says which secrets belong to which account. Secrets are kept as hashes only. */
import { hash } from "node:crypto";
import { SCOPES, type Scope } from "#contract/routes/route";

/** How a ZIS connection shows who calls (Zendesk, "Managing connections"). */
const CALLER_KINDS = ["bearer", "basic", "api_key"] as const;
export type CallerKind = (typeof CALLER_KINDS)[number];

/** One secret of an account. An account may have several of each kind, so that they can be changed without a gap. */
export interface Credential {
  readonly account: string;
  readonly kind: CallerKind;
  readonly sha256: Buffer;
  readonly scopes: readonly Scope[];
}

const ACCOUNT = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** What each kind may hold, and how a fault of it is described. */
const FORMS: Readonly<Record<CallerKind, { readonly form: RegExp; readonly wording: string }>> = {
  bearer: {
    form: /^[A-Za-z0-9._~+/=-]{16,512}$/,
    wording: "a bearer token is 16 to 512 of A-Z a-z 0-9 . _ ~ + / = -",
  },
  basic: {
    // oxlint-disable-next-line no-control-regex -- RFC 7617 forbids exactly these
    form: /^[^:\u0000-\u001f\u007f]{1,255}:[^\u0000-\u001f\u007f]{16,512}$/u,
    wording: "basic is user:password, with a password of 16 to 512 characters",
  },
  api_key: {
    // Without a comma, by which Node joins a header that is sent twice.
    form: /^[!-+\--~]{16,512}$/,
    wording: "an API key is 16 to 512 visible ASCII characters without a comma",
  },
};

/** Headers that already have another meaning. */
const TAKEN_HEADERS =
  /^(authorization|connection|content-.*|cookie|expect|host|idempotency-key|origin|transfer-encoding|upgrade|x-forwarded-.*|x-request-id|x-zendesk-.*)$/i;

export function isApiKeyHeader(name: string): boolean {
  return !TAKEN_HEADERS.test(name);
}

/** By way of hex: a digest that is made as a Buffer takes twice as long. */
export function hashSecret(secret: string | Buffer): Buffer {
  return Buffer.from(hash("sha256", secret, "hex"), "hex");
}

type Entry = readonly [account: string, value: unknown];

function splitPairs(text: string): Entry[] {
  return text.split(",").map((pair) => {
    const [account = "", ...token] = pair.trim().split(":");
    return [account, token.join(":")];
  });
}

function toEntries(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value);
}

/** Undefined when it is not JSON. */
function readEntries(text: string): Entry[] | undefined {
  if (!text.startsWith("{")) return splitPairs(text);
  try {
    return toEntries(JSON.parse(text));
  } catch {
    // The message of JSON.parse may show a secret.
    return undefined;
  }
}

function readSecrets(account: string, kind: string, value: unknown): Credential[] | string {
  const known = CALLER_KINDS.find((each) => each === kind);
  if (!known) {
    return `has a kind that is none of ${CALLER_KINDS.join(", ")} for the account ${account}`;
  }
  const secrets: unknown[] = Array.isArray(value) ? value : [value];
  const { form, wording } = FORMS[known];
  const found: Credential[] = [];
  for (const given of secrets) {
    const { secret, scopes } = readScoped(given);
    if (typeof secret !== "string" || !form.test(secret)) {
      return `has a secret of the wrong form for the account ${account}: ${wording}`;
    }
    if (!isScopes(scopes)) {
      return `has scopes for the account ${account} that are not a list of ${SCOPES.join(", ")}`;
    }
    found.push({ account, kind: known, sha256: hashSecret(secret), scopes });
  }
  return found;
}

/** A secret by itself is for everything, as before there were scopes. */
function readScoped(given: unknown): { readonly secret: unknown; readonly scopes: unknown } {
  if (typeof given !== "object" || given === null) return { secret: given, scopes: SCOPES };
  const { secret, scopes, ...others }: Record<string, unknown> = { ...given };
  return Object.keys(others).length > 0 ? { secret: undefined, scopes } : { secret, scopes };
}

function isScopes(scopes: unknown): scopes is readonly Scope[] {
  const known: readonly unknown[] = SCOPES;
  return Array.isArray(scopes) && scopes.length > 0 && scopes.every((one) => known.includes(one));
}

function readAccount([account, value]: Entry, position: number): Credential[] | string {
  if (!ACCOUNT.test(account)) return `has no valid account in entry ${position}`;
  const found: Credential[] = [];
  for (const [kind, secrets] of toEntries(value) ?? [["bearer", value] as const]) {
    const read = readSecrets(account, kind, secrets);
    if (typeof read === "string") return read;
    found.push(...read);
  }
  return found.length > 0 ? found : `has no secret for the account ${account}`;
}

function isShared(credentials: readonly Credential[]): boolean {
  const owners = new Map<string, string>();
  return credentials.some(({ account, kind, sha256 }) => {
    const secret = `${kind} ${sha256.toString("hex")}`;
    const owner = owners.get(secret) ?? account;
    owners.set(secret, account);
    return owner !== account;
  });
}

/**
 * `account:token,account:token`, or JSON: by account, a bearer token, a list of them, or an object of lists by kind
 * (`bearer`; `basic` with `user:password`; `api_key`). Instead of a secret in a list of a kind `{"secret": …, "scopes": [...]}` may stand. Returns the fault in words, without any secret.
 */
export function parseCallers(text: string): Credential[] | string {
  const entries = readEntries(text);
  if (!entries || entries.length === 0) return "is neither account:token pairs nor a JSON object";
  const found: Credential[] = [];
  for (const [index, entry] of entries.entries()) {
    const read = readAccount(entry, index + 1);
    if (typeof read === "string") return read;
    found.push(...read);
  }
  return isShared(found) ? "gives one secret to two accounts" : found;
}
