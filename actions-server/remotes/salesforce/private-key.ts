/** Reads the RSA key of the JWT bearer flow from its file. */
import { createPrivateKey } from "node:crypto";
import { Secret } from "#platform/secret";

/** The text of a file; throws when it cannot be read. */
export type ReadText = (path: string) => string;

/** Undefined: the file does not exist, or does not hold an RSA key in PEM. */
export function readPrivateKey(path: string, readText: ReadText): Secret | undefined {
  try {
    const pem = readText(path);
    if (createPrivateKey(pem).asymmetricKeyType === "rsa") return new Secret(pem);
  } catch {
    // The error could quote the file or the key, so it is dropped.
  }
  return undefined;
}
