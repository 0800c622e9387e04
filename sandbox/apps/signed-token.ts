/**
 * The token that Zendesk posts to a signed location. Claims: Zendesk's server-side app tutorial, part 5 (aud, iss, exp,
 * iat, context); `sub`, `nbf` and `jti` from public code that reads them.
 */
import { sign } from "node:crypto";

export interface TokenRequest {
  readonly subdomain: string;
  readonly installationId: number;
  readonly userId: number;
  readonly subject: "url" | "id";
  readonly product: string;
  readonly location: string;
  readonly seconds: number;
  readonly privateKey: string;
  readonly now: Date;
  readonly id: string;
}

/** A JWT, RS256. */
export function signToken(request: TokenRequest): string {
  const { subdomain, userId, now } = request;
  const account = `https://${subdomain}.zendesk.com`;
  const at = Math.floor(now.getTime() / 1000);
  const claims = {
    iss: `${subdomain}.zendesk.com`,
    aud: `${account}/api/v2/apps/installations/${request.installationId}.json`,
    sub: request.subject === "url" ? `${account}/api/v2/users/${userId}.json` : String(userId),
    iat: at,
    nbf: at,
    exp: at + request.seconds,
    jti: request.id,
    context: { product: request.product, location: request.location },
  };
  const signed = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
  const signature = sign("RSA-SHA256", Buffer.from(signed), request.privateKey);
  return `${signed}.${signature.toString("base64url")}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
