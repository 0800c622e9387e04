/** Signs tokens as Zendesk does for an app's signed location, with a key pair of the test's own. */
import { exportSPKI, generateKeyPair, SignJWT } from "jose";

const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });

/** PEM of the public half. */
export const PUBLIC_KEY = await exportSPKI(publicKey);

export const SUBDOMAIN = "acme";
export const INSTALLATION_ID = "360001";
export const AUDIENCE = `https://${SUBDOMAIN}.zendesk.com/api/v2/apps/installations/${INSTALLATION_ID}.json`;

let serial = 0;

/** Good for five minutes from `nowMs` on, for a user, unless `claims` say otherwise; undefined takes a claim away. */
export function signToken(
  userId: string | number,
  nowMs: number,
  claims: Record<string, unknown> = {},
  key = privateKey,
): Promise<string> {
  const iat = Math.floor(nowMs / 1_000);
  const payload = {
    iss: `${SUBDOMAIN}.zendesk.com`,
    aud: AUDIENCE,
    sub: `https://${SUBDOMAIN}.zendesk.com/api/v2/users/${userId}.json`,
    iat,
    exp: iat + 300,
    jti: `jti-${(serial += 1)}`,
    context: { product: "support", location: "background" },
    ...claims,
  };
  return new SignJWT(JSON.parse(JSON.stringify(payload)) as typeof payload)
    .setProtectedHeader({ alg: "RS256", typ: "JWT" })
    .sign(key);
}
