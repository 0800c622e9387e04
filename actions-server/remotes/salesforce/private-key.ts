/** Reads the RSA key of the JWT bearer flow from its file. */
import { createPrivateKey } from "node:crypto";
import { Secret } from "#platform/secret";

/** The text of a file, or a throw. */
export type ReadText = (path: string) => string;

/** Undefined: there is no such file, or it holds no RSA key in PEM. */
export function readPrivateKey(path: string, readText: ReadText): Secret | undefined {
  try {
    const pem = readText(path);
    if (createPrivateKey(pem).asymmetricKeyType === "rsa") return new Secret(pem);
  } catch {
    // Neither the file nor the key is quoted.
  }
  return undefined;
}
