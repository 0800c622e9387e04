/** The public key to check Zendesk's signatures for our app: given when the app is registered, or fetched from Zendesk. */
import { createPublicKey } from "node:crypto";
import { AppError } from "#platform/errors";
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskClient } from "#remotes/zendesk/client";

const LEAST_BITS = 2_048;

/** The key in one canonical form, whatever its spaces and kind of PEM. Throws BAD_REQUEST. */
export function readPublicKey(pem: string): string {
  try {
    // Node would also accept a private key and derive the public one, but a private key must never be sent here.
    if (pem.includes("PRIVATE KEY")) throw new TypeError("a private key");
    const key = createPublicKey(pem);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType === "rsa" && bits >= LEAST_BITS) {
      return key.export({ type: "spki", format: "pem" }).toString().trim();
    }
  } catch {
    // The library's message may quote the text.
  }
  throw new AppError(
    "BAD_REQUEST",
    `public_key is not a public RSA key in PEM of ${LEAST_BITS} bits or more`,
  );
}

/**
 * The endpoint is not in Zendesk's reference, but apps that check signatures use it; which scope it needs is unknown.
 * Throws ZENDESK_REFUSED with what to do instead, or ZENDESK_UNAVAILABLE.
 */
export async function fetchPublicKey(
  client: Pick<ZendeskClient, "text">,
  appId: string,
  call: RemoteCall,
): Promise<string> {
  const path = `/api/v2/apps/${appId}/public_key.pem`;
  const instead = "send the key itself as public_key";
  let text: string | undefined;
  try {
    text = await client.text(path, call);
  } catch (error) {
    if (!(error instanceof AppError) || error.retryable) throw error;
    throw new AppError("ZENDESK_REFUSED", `${error.message}; ${instead}`, { cause: error });
  }
  if (text === undefined) {
    throw new AppError(
      "ZENDESK_REFUSED",
      `Zendesk does not have the app ${appId}, or hides its key; ${instead}`,
    );
  }
  try {
    return readPublicKey(text);
  } catch (cause) {
    const problem = `Zendesk answered GET ${path} with something that is not a key; ${instead}`;
    throw new AppError("ZENDESK_REFUSED", problem, { cause });
  }
}
