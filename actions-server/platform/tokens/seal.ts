/** Seals text for the store: AES-256-GCM under a ring of keys, so that a key can be replaced while the server runs. */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from "node:crypto";

interface Opened {
  readonly text: string;
  /** Sealed by a key that is on its way out: seal it again. */
  readonly stale: boolean;
}

export interface KeyRing {
  /** `context` is sealed in: the text opens only where the same one is given. */
  seal(text: string, context: string): string;
  /** Undefined: no key of the ring opens it, it was tampered with, or it belongs to another context. */
  open(sealed: string, context: string): Opened | undefined;
}

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
/** The size that GCM is made for (NIST SP 800-38D); random, so one key may seal some 2^32 texts. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)$/;

/**
 * Reads `id:base64,id:base64`, each key of 32 bytes: the first one seals, all of them open. Answers what is wrong as
 * text, without a value.
 */
export function parseKeyRing(text: string): KeyRing | string {
  const keys = new Map<string, KeyObject>();
  for (const [index, entry] of text.split(",").entries()) {
    const [, id, encoded] = KEY.exec(entry.trim()) ?? [];
    if (id === undefined || encoded === undefined) {
      return `has a wrong key in place ${index + 1} (expected id:base64 of ${KEY_BYTES} bytes)`;
    }
    if (keys.has(id)) return `has two keys with the id of place ${index + 1}`;
    keys.set(id, createSecretKey(Buffer.from(encoded, "base64")));
  }
  return createKeyRing(keys);
}

function createKeyRing(keys: ReadonlyMap<string, KeyObject>): KeyRing {
  const [first] = keys;
  if (!first) throw new TypeError("a key ring has at least one key");
  const [sealingId, sealingKey] = first;

  return {
    seal(text, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, sealingKey, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(associated(sealingId, context));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      const parts = [nonce, cipher.getAuthTag(), body].map((part) => part.toString("base64url"));
      return [sealingId, ...parts].join(".");
    },
    open(sealed, context) {
      const [id = "", ...parts] = sealed.split(".");
      const key = keys.get(id);
      const [nonce, tag, body] = parts.map((part) => Buffer.from(part, "base64url"));
      if (!key || !nonce || !tag || !body) return undefined;
      try {
        const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
        decipher.setAAD(associated(id, context)).setAuthTag(tag);
        const text = Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
        return { text, stale: id !== sealingId };
      } catch {
        // The cipher does not say which of the causes it was.
        return undefined;
      }
    },
  };
}

function associated(id: string, context: string): Buffer {
  return Buffer.from(`${id}\n${context}`);
}
