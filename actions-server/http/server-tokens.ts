/** Reads the setting that says which token belongs to which account. Tokens are kept as hashes only. */
import { createHash } from "node:crypto";

export interface ServerToken {
  readonly account: string;
  readonly sha256: Buffer;
}

const ACCOUNT = /^[a-z0-9][a-z0-9-]{0,62}$/;
const TOKEN = /^[A-Za-z0-9._~+/=-]{16,512}$/;

export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function splitPairs(text: string): [string, unknown][] {
  return text.split(",").map((pair) => {
    const [account = "", ...token] = pair.trim().split(":");
    return [account, token.join(":")];
  });
}

/** Account and token(s), from either form; undefined when the JSON is none. */
function readEntries(text: string): [string, unknown][] | undefined {
  if (!text.startsWith("{")) return splitPairs(text);
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? Object.entries(parsed) : undefined;
  } catch {
    // The message of JSON.parse may show a token.
    return undefined;
  }
}

/**
 * `account:token,account:token`, or JSON `{"account": "token"}` or `{"account": ["token", "token"]}`; an account may
 * have several tokens, so that they can be changed without a gap. Returns the fault in words, without any token.
 */
export function parseServerTokens(text: string): ServerToken[] | string {
  const entries = readEntries(text);
  if (!entries || entries.length === 0) return "is neither account:token pairs nor a JSON object";
  const found: ServerToken[] = [];
  for (const [index, [account, value]] of entries.entries()) {
    if (!ACCOUNT.test(account)) return `has no valid account in entry ${index + 1}`;
    const tokens: unknown[] = Array.isArray(value) ? value : [value];
    for (const token of tokens) {
      if (typeof token !== "string" || !TOKEN.test(token)) {
        return `has a token of the wrong form for the account ${account}: 16 to 512 of A-Z a-z 0-9 . _ ~ + / = -`;
      }
      found.push({ account, sha256: hashToken(token) });
    }
  }
  const owners = new Map<string, string>();
  for (const { account, sha256 } of found) {
    const owner = owners.get(sha256.toString("hex"));
    if (owner !== undefined && owner !== account) return "gives one token to two accounts";
    owners.set(sha256.toString("hex"), account);
  }
  return found;
}
