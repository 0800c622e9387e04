/** The signed assertion by which the JWT bearer flow proves who we are (Salesforce Help, "OAuth 2.0 JWT Bearer Flow"). */
import { sign } from "node:crypto";

export const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

interface AssertionInput {
  /** PEM of an RSA key. */
  readonly privateKey: string;
  readonly clientId: string;
  readonly username: string;
  /** The org's My Domain. */
  readonly loginUrl: string;
  readonly now: Date;
}

/** Salesforce takes three minutes at most. */
const LIFE_SECONDS = 180;

/** A fresh assertion for one token request, signed with RS256. */
export function createAssertion(input: AssertionInput): string {
  const claims = {
    iss: input.clientId,
    sub: input.username,
    aud: audienceOf(input.loginUrl),
    exp: Math.floor(input.now.getTime() / 1_000) + LIFE_SECONDS,
  };
  const signed = [{ alg: "RS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const signature = sign("RSA-SHA256", Buffer.from(signed), input.privateKey);
  return `${signed}.${signature.toString("base64url")}`;
}

/** The login host that an org belongs to; an org elsewhere (a site of its own, a stand-in) is its own audience. */
export function audienceOf(loginUrl: string): string {
  const { hostname, origin } = new URL(loginUrl);
  if (!/(^|\.)salesforce\.com$/.test(hostname)) return origin;
  const isSandbox = hostname === "test.salesforce.com" || hostname.includes(".sandbox.my.");
  return isSandbox ? "https://test.salesforce.com" : "https://login.salesforce.com";
}
