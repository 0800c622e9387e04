/** Unpacks a zip: the packages that zcli uploads (stored or deflated entries, no encryption, no zip64). */
import { inflateRawSync } from "node:zlib";

const END_OF_DIRECTORY = 0x06_05_4b_50;
const DIRECTORY_ENTRY = 0x02_01_4b_50;
const LOCAL_ENTRY = 0x04_03_4b_50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const STORED = 0;
const DEFLATED = 8;
/** The file type bits of a Unix mode, and the type of a symbolic link. */
const TYPE_BITS = 0o170_000;
const SYMLINK = 0o120_000;

export interface ZipFile {
  readonly content: Buffer;
  readonly symlink: boolean;
}

/** Anything that cannot be unpacked. Zendesk's own words for it: "Invalid zip file". */
export class InvalidZip extends Error {}

/**
 * The files of a zip by their paths; folders are left out.
 * @param largest bytes that all files together may have when unpacked
 * @throws InvalidZip
 */
export function readZip(zip: Buffer, largest: number): ReadonlyMap<string, ZipFile> {
  try {
    return read(zip, largest);
  } catch (error) {
    if (error instanceof InvalidZip) throw error;
    throw new InvalidZip("Invalid zip file", { cause: error });
  }
}

function read(zip: Buffer, largest: number): Map<string, ZipFile> {
  const end = findEnd(zip);
  const files = new Map<string, ZipFile>();
  let room = largest;
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new InvalidZip("Invalid zip file");
    const nameEnd = at + 46 + zip.readUInt16LE(at + 28);
    const name = zip.toString("utf8", at + 46, nameEnd);
    if (!name.endsWith("/")) {
      const content = unpack(zip, at, room);
      room -= content.length;
      const mode = zip.readUInt16LE(at + 40);
      files.set(name, { content, symlink: (mode & TYPE_BITS) === SYMLINK });
    }
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

function findEnd(zip: Buffer): number {
  const earliest = Math.max(0, zip.length - END_BYTES - LONGEST_COMMENT);
  for (let at = zip.length - END_BYTES; at >= earliest; at -= 1) {
    if (zip.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw new InvalidZip("Invalid zip file");
}

/** The content of the entry that the directory describes at `at`; the local header knows where it begins. */
function unpack(zip: Buffer, at: number, room: number): Buffer {
  const method = zip.readUInt16LE(at + 10);
  const packedSize = zip.readUInt32LE(at + 20);
  const size = zip.readUInt32LE(at + 24);
  const local = zip.readUInt32LE(at + 42);
  if (zip.readUInt32LE(local) !== LOCAL_ENTRY || size > room) {
    throw new InvalidZip("Invalid zip file");
  }
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const packed = zip.subarray(start, start + packedSize);
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw new InvalidZip("Invalid zip file");
  const content = inflateRawSync(packed, { maxOutputLength: room });
  if (content.length !== size) throw new InvalidZip("Invalid zip file");
  return content;
}
