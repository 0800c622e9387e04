/** Whether a JWT bearer assertion is good: signed RS256 by the app's key, for it, for us, not expired. */
import { verify } from "node:crypto";

export interface AssertionCheck {
  readonly assertion: string;
  /** PEM of the certificate or public key that is registered with the app. */
  readonly certificate: string;
  readonly clientId: string;
  readonly audiences: readonly string[];
  readonly now: Date;
}

export type AssertionOutcome =
  | { readonly ok: true; readonly username: string }
  | { readonly ok: false; readonly description: string };

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The issuer that an assertion claims, unchecked: it names the app whose key must have signed. */
export function issuerOf(assertion: string): string | undefined {
  const issuer = decode(assertion.split(".")[1] ?? "")["iss"];
  return typeof issuer === "string" ? issuer : undefined;
}

/**
 * Checks an assertion. Rules after Salesforce Help, "OAuth 2.0 JWT Bearer Flow"; the descriptions
 * of failures are those that third parties quote.
 */
export function checkAssertion(check: AssertionCheck): AssertionOutcome {
  const [header = "", payload = "", signature = "", ...rest] = check.assertion.split(".");
  const signed = Buffer.from(`${header}.${payload}`);
  const claims = decode(payload);
  const genuine =
    rest.length === 0 &&
    decode(header)["alg"] === "RS256" &&
    verify("RSA-SHA256", signed, check.certificate, Buffer.from(signature, "base64url"));
  if (!genuine || claims["iss"] !== check.clientId) {
    return { ok: false, description: "invalid assertion" };
  }
  if (!check.audiences.includes(String(claims["aud"]))) {
    return { ok: false, description: "audience is invalid" };
  }
  const expires = Number(claims["exp"]);
  if (!(expires * 1000 > check.now.getTime())) {
    return { ok: false, description: "expired authorization code" };
  }
  return { ok: true, username: String(claims["sub"]) };
}
