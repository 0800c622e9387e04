/** An app package in memory: its files as they are in the zip. */
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
