/** App packages as zip files. */
import { buffer } from "node:stream/consumers";
import { zipSync, type Zippable } from "fflate";
import { fromBufferPromise } from "yauzl";
import type { AppFile } from "./package.ts";

export interface ZipEntry {
  readonly path: string;
  readonly content: Buffer;
  /** Unix mode; absent: an ordinary file. */
  readonly mode?: number;
}

const UNIX = 3;
/** The file type bits of a Unix mode, and the type of a symbolic link. */
const TYPE_BITS = 0o170_000;
const SYMLINK = 0o120_000;
/** The first that a zip can hold: the same files make the same zip. */
const MTIME = new Date(1980, 0, 1);

export function zip(entries: readonly ZipEntry[]): Buffer {
  const files: Zippable = {};
  for (const { path, content, mode = 0o100_644 } of entries) {
    files[path] = [content, { os: UNIX, attrs: mode * 0x1_00_00, mtime: MTIME }];
  }
  return Buffer.from(zipSync(files));
}

/** Anything that cannot be unpacked. Zendesk's own words for it: "Invalid zip file". */
export class InvalidZip extends Error {}

/**
 * The files of a zip by their paths; folders are left out.
 *
 * @param largest bytes that all files together may have when unpacked
 * @throws InvalidZip also for a path that leads out of the package, and one that is there twice
 */
export async function unzip(bytes: Buffer, largest: number): Promise<ReadonlyMap<string, AppFile>> {
  const files = new Map<string, AppFile>();
  let room = largest;
  try {
    const archive = await fromBufferPromise(bytes, { strictFileNames: true });
    for await (const entry of archive.eachEntry()) {
      const { fileName: path, uncompressedSize, externalFileAttributes } = entry;
      if (path.endsWith("/")) continue;
      room -= uncompressedSize;
      if (room < 0 || files.has(path)) throw new Error(path);
      const mode = externalFileAttributes >>> 16;
      const content = await buffer(await archive.openReadStreamPromise(entry));
      files.set(path, { bytes: content, symlink: (mode & TYPE_BITS) === SYMLINK });
    }
  } catch (error) {
    throw new InvalidZip("Invalid zip file", { cause: error });
  }
  return files;
}
