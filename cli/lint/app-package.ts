/** The files of an app package as zcli would zip them. */
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, matchesGlob, sep } from "node:path";
import { type JsonSource, readJsonSource } from "./json-source.ts";

export interface AppFile {
  readonly bytes: Buffer;
  readonly symlink: boolean;
}

export interface AppPackage {
  /** By path from the package's root, with `/`; only what gets into the zip. */
  readonly files: ReadonlyMap<string, AppFile>;
  /** The lines of .zcliignore that are not comments. */
  readonly ignored: readonly string[];
  /** A file read as JSON; undefined when it is not there. */
  json(path: string): JsonSource | undefined;
  /** The object in a file; undefined when there is none. */
  object(path: string): Readonly<Record<string, unknown>> | undefined;
}

export const MANIFEST = "manifest.json";
export const REQUIREMENTS = "requirements.json";

/** What zcli leaves out by itself; its globs skip names that begin with a dot too. */
const ALWAYS_IGNORED = ["tmp/**"];

/** Reads a folder. Throws an Error of the file system when there is none. */
export async function readAppPackage(directory: string): Promise<AppPackage> {
  const ignored = await readIgnored(directory);
  const globs = [...ALWAYS_IGNORED, ...ignored];
  const files = new Map<string, AppFile>();
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const full = join(entry.parentPath, entry.name);
    const path = full.slice(join(directory, sep).length).replaceAll(sep, "/");
    if (path.split("/").some((part) => part.startsWith("."))) continue;
    if (globs.some((glob) => matchesGlob(path, glob))) continue;
    if (entry.isSymbolicLink()) files.set(path, { bytes: Buffer.alloc(0), symlink: true });
    else if (entry.isFile()) files.set(path, { bytes: await readFile(full), symlink: false });
  }
  return createAppPackage(files, ignored);
}

/** A package of files that are in memory. */
export function createAppPackage(
  files: ReadonlyMap<string, AppFile>,
  ignored: readonly string[],
): AppPackage {
  const sources = new Map<string, JsonSource>();
  const json = (path: string): JsonSource | undefined => {
    const file = files.get(path);
    if (!file) return undefined;
    const source = sources.get(path) ?? readJsonSource(file.bytes.toString("utf8"));
    sources.set(path, source);
    return source;
  };
  return {
    files,
    ignored,
    json,
    object(path) {
      const value = json(path)?.value;
      return isObject(value) ? value : undefined;
    },
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function readIgnored(directory: string): Promise<string[]> {
  const file = join(directory, ".zcliignore");
  const exists = await lstat(file).then(
    () => true,
    () => false,
  );
  if (!exists) return [];
  const lines = (await readFile(file, "utf8")).split(/\r?\n/);
  return lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
}
