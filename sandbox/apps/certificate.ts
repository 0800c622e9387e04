/** A self-signed certificate for this machine, made at start-up: Node can sign one, but not write one. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";

export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** PEM; clients trust it by NODE_EXTRA_CA_CERTS. */
  readonly cert: string;
}

const DAY_MS = 86_400_000;

/** Valid for a year from a day ago, for 127.0.0.1 and localhost. DER as in RFC 5280. */
export function makeCertificate(now: Date): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const name = sequence(set(sequence(COMMON_NAME, der(0x0c, Buffer.from("CaseQA stand-in")))));
  const serial = createHash("sha256").update(publicKey).digest().subarray(0, 8);
  // A serial number is positive.
  serial[0] = 0x40;
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    sequence(ECDSA_SHA256),
    name,
    sequence(time(new Date(now.getTime() - DAY_MS)), time(new Date(now.getTime() + 365 * DAY_MS))),
    name,
    publicKey,
    der(0xa3, sequence(extension(BASIC_CONSTRAINTS, CA), extension(ALTERNATIVE_NAMES, NAMES))),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]));
  const whole = sequence(body, sequence(ECDSA_SHA256), signature).toString("base64");
  const lines = whole.match(/.{1,64}/g) ?? [];
  return {
    key: privateKey,
    cert: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
  };
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function set(part: Buffer): Buffer {
  return der(0x31, part);
}

function integer(value: Buffer): Buffer {
  return der(0x02, value);
}

/** `261122101500Z`: two digits of the year until 2049. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/\D/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function extension(id: Buffer, value: Buffer): Buffer {
  return sequence(id, der(0x04, value));
}

function identifier(...bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

const COMMON_NAME = identifier(0x55, 0x04, 0x03);
const ECDSA_SHA256 = identifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);
const BASIC_CONSTRAINTS = identifier(0x55, 0x1d, 0x13);
const ALTERNATIVE_NAMES = identifier(0x55, 0x1d, 0x11);
const CA = sequence(der(0x01, Buffer.from([0xff])));
const NAMES = sequence(der(0x87, Buffer.from([127, 0, 0, 1])), der(0x82, Buffer.from("localhost")));
