/** Whether a token comes from Zendesk, is for our app's installation, and is still valid: the JSON Web Token of a signed location. */
import { importSPKI, jwtVerify, type JWTPayload } from "jose";
import { replyShape } from "#platform/outbound/reply-shape";
import { Type } from "typebox";

export type SignedToken =
  | {
      readonly ok: true;
      readonly userId: string;
      /** Identifies this token: its `jti`, or its signed part where Zendesk gives none. */
      readonly id: string;
      /** When it expires, including our tolerance. */
      readonly expiresAt: Date;
    }
  /** `problem` contains nothing of the token. */
  | { readonly ok: false; readonly problem: string };

export interface SignedTokenQuestion {
  readonly token: string;
  readonly installation: { readonly installationId: string; readonly publicKey: string };
  /** Of the Zendesk account. */
  readonly subdomain: string;
  readonly now: Date;
}

/** RSA only: a public key must never be taken for a shared secret (HS256), and `none` means no signature. */
const ALGORITHM = "RS256";
/** How far Zendesk's clock may differ from ours. */
const TOLERANCE_SECONDS = 60;
/** Older tokens are refused, whatever expiry they state; Zendesk's live for minutes. */
const OLDEST_SECONDS = 15 * 60;

const AUDIENCE = /\/api\/v2\/apps\/installations\/([1-9][0-9]{0,18})\.json$/;
/** A user's address in the API (Zendesk, "Authenticating Zendesk in your server-side app"), or the bare id. */
const USER = /^(?:https:\/\/([^/]+)\/api\/v2\/users\/)?([1-9][0-9]{0,18})(?:\.json)?$/;

/**
 * Which installation a token claims to be for, before anything in it is trusted: it selects the key to check the token
 * with. Undefined: it is not one of our tokens.
 */
export function claimedInstallation(token: string): string | undefined {
  const audience = readClaims(token)?.["aud"];
  return typeof audience === "string" ? AUDIENCE.exec(audience)?.[1] : undefined;
}

const readObject = replyShape(Type.Record(Type.String(), Type.Unknown()));

function readClaims(token: string): Record<string, unknown> | undefined {
  const [, payload, signature, ...rest] = token.split(".");
  if (payload === undefined || signature === undefined || rest.length > 0) return undefined;
  try {
    const read = readObject(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    return read.ok ? read.value : undefined;
  } catch {
    // Not JSON, so not a token.
    return undefined;
  }
}

/** Zendesk, "Building a server-side app, part 5: Securing the app"; which claims may be missing is not documented. */
export async function readSignedToken(question: SignedTokenQuestion): Promise<SignedToken> {
  const { token, installation, subdomain, now } = question;
  const host = `${subdomain}.zendesk.com`;
  try {
    const key = await importSPKI(installation.publicKey, ALGORITHM);
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      audience: `https://${host}/api/v2/apps/installations/${installation.installationId}.json`,
      issuer: host,
      requiredClaims: ["exp", "iat", "sub"],
      maxTokenAge: OLDEST_SECONDS,
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: now,
    });
    return toSigned(token, payload, host);
  } catch (error) {
    return { ok: false, problem: describeRefusal(error) };
  }
}

function toSigned(token: string, { sub, jti, exp, iat }: JWTPayload, host: string): SignedToken {
  const [, userHost = host, userId] = USER.exec(sub ?? "") ?? [];
  if (userId === undefined || userHost !== host) {
    return { ok: false, problem: 'the claim "sub" does not name a user of this account' };
  }
  const endSeconds = Math.min(exp ?? 0, (iat ?? 0) + OLDEST_SECONDS) + TOLERANCE_SECONDS;
  // Without the signature, because the last character of its base64 has unused bits.
  const signingInput = token.slice(0, token.lastIndexOf("."));
  const id = typeof jti === "string" && jti !== "" ? `jti:${jti}` : `signed:${signingInput}`;
  return { ok: true, userId, id, expiresAt: new Date(endSeconds * 1_000) };
}

const REFUSALS: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: "it has expired, or one of the two clocks is wrong",
  ERR_JOSE_ALG_NOT_ALLOWED: "it is not signed with RS256",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "its signature does not fit the app's public key",
  ERR_JWS_INVALID: "it is not a signed token",
  ERR_JWT_INVALID: "it is not a signed token",
};

/** The library's message names the claim, without its value. */
function describeRefusal(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = REFUSALS[code];
  if (known !== undefined) return known;
  if (code === "ERR_JWT_CLAIM_VALIDATION_FAILED" && error instanceof Error) {
    return error.message.replaceAll(/[^ -~]/g, "").slice(0, 200);
  }
  return "it cannot be read, or the registered public key is not one";
}
