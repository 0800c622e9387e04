/** The folder of a built app, read as zcli would zip it. */
import { readdir, readFile } from "node:fs/promises";
import { join, matchesGlob, sep } from "node:path";
import { type AppFile, type AppPackage, createAppPackage } from "./package.ts";

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

async function readIgnored(directory: string): Promise<string[]> {
  const text = await readFile(join(directory, ".zcliignore"), "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  });
  const lines = text.split(/\r?\n/);
  return lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
}
