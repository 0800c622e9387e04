/** Which credentials the environment gives for Zendesk and Salesforce, and which keys seal their tokens. */
import { readPrivateKey, type ReadText } from "#remotes/salesforce/private-key";
import type { SalesforceAuth } from "#remotes/salesforce/session";
import { DEFAULT_ZENDESK_SCOPE } from "#remotes/zendesk/credentials";
import { Secret } from "#platform/secret";
import { parseKeyRing, type KeyRing } from "#platform/tokens/seal";
import { describe, findTogether, toSecret, type SetVariables } from "./variables.ts";

export type ZendeskAuth =
  | {
      readonly kind: "oauth";
      readonly clientId: string;
      readonly clientSecret: Secret;
      /** Undefined: client credentials. */
      readonly refreshToken: Secret | undefined;
      readonly scope: string;
    }
  | { readonly kind: "api-token"; readonly email: string; readonly apiToken: Secret };

/** A text says what is wrong. */
export function findZendeskAuth(read: SetVariables): ZendeskAuth | string {
  const oauth = findTogether(read, ["ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET"]);
  if (typeof oauth === "string") return oauth;
  if (oauth) {
    return {
      kind: "oauth",
      clientId: oauth.ZENDESK_CLIENT_ID,
      clientSecret: new Secret(oauth.ZENDESK_CLIENT_SECRET),
      refreshToken: toSecret(read["ZENDESK_REFRESH_TOKEN"]),
      scope: read["ZENDESK_SCOPE"] ?? DEFAULT_ZENDESK_SCOPE,
    };
  }
  const token = findTogether(read, ["ZENDESK_EMAIL", "ZENDESK_API_TOKEN"]);
  if (typeof token === "string") return token;
  if (!token) return describe("ZENDESK_CLIENT_ID", "and ZENDESK_CLIENT_SECRET are missing");
  if (read["ZENDESK_ALLOW_API_TOKEN"] !== "true") {
    return describe(
      "ZENDESK_ALLOW_API_TOKEN",
      "is not true, but ZENDESK_API_TOKEN is all there is (Zendesk ends API tokens on 2027-04-30)",
    );
  }
  return {
    kind: "api-token",
    email: token.ZENDESK_EMAIL,
    apiToken: new Secret(token.ZENDESK_API_TOKEN),
  };
}

/** A text says what is wrong. `readText` reads the key of the JWT bearer flow. */
export function findSalesforceAuth(
  read: SetVariables,
  readText: ReadText,
): SalesforceAuth | string {
  const jwt = findTogether(read, ["SALESFORCE_JWT_KEY_FILE", "SALESFORCE_USERNAME"]);
  if (typeof jwt === "string") return jwt;
  const refreshToken = toSecret(read["SALESFORCE_REFRESH_TOKEN"]);
  if (jwt) {
    if (refreshToken) return describe("SALESFORCE_REFRESH_TOKEN", "is set beside the JWT key");
    const privateKey = readPrivateKey(jwt.SALESFORCE_JWT_KEY_FILE, readText);
    if (!privateKey)
      return describe("SALESFORCE_JWT_KEY_FILE", "cannot be read as an RSA key in PEM");
    return { kind: "jwt-bearer", privateKey, username: jwt.SALESFORCE_USERNAME };
  }
  const clientSecret = toSecret(read["SALESFORCE_CLIENT_SECRET"]);
  if (!clientSecret) return describe("SALESFORCE_CLIENT_SECRET", "is missing");
  return refreshToken
    ? { kind: "refresh-token", clientSecret, refreshToken }
    : { kind: "client-credentials", clientSecret };
}

/** Undefined: none are needed. A text says what is wrong. */
export function findTokenKeys(read: SetVariables): KeyRing | string | undefined {
  const text = read["TOKEN_KEYS"];
  if (text !== undefined) {
    const keys = parseKeyRing(text);
    return typeof keys === "string" ? describe("TOKEN_KEYS", keys) : keys;
  }
  const rotating = (["ZENDESK_REFRESH_TOKEN", "SALESFORCE_REFRESH_TOKEN"] as const).find(
    (name) => read[name] !== undefined,
  );
  return rotating && describe("TOKEN_KEYS", `is missing, but ${rotating} is replaced by its use`);
}
