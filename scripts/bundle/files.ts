/** Generated files: writing them, or saying which of the committed ones are stale. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** A folder in which every file is generated: one that is not in the list any more is a leftover. */
export interface GeneratedFolder {
  readonly path: string;
  readonly files: readonly GeneratedFile[];
}

/**
 * Writes what differs and removes leftovers.
 *
 * @returns the paths that were written or removed
 */
export async function writeGenerated(
  root: URL,
  files: readonly GeneratedFile[],
  folder: GeneratedFolder,
): Promise<string[]> {
  const changed: string[] = [];
  for (const { path, text } of [...files, ...folder.files]) {
    const url = new URL(path, root);
    if ((await readOrNothing(url)) === text) continue;
    await mkdir(new URL(".", url), { recursive: true });
    await writeFile(url, text);
    changed.push(path);
  }
  for (const path of await leftovers(root, folder)) {
    await rm(new URL(path, root));
    changed.push(path);
  }
  return changed;
}

/** A sentence for each file that is not as it would be written now, with the first line that differs. */
export async function staleFiles(
  root: URL,
  files: readonly GeneratedFile[],
  folder: GeneratedFolder,
): Promise<string[]> {
  const stale: string[] = [];
  for (const { path, text } of [...files, ...folder.files]) {
    const committed = await readOrNothing(new URL(path, root));
    if (committed === undefined) stale.push(`${path} is missing.`);
    else if (committed !== text)
      stale.push(`${path} is stale at ${firstDifference(text, committed)}.`);
  }
  for (const path of await leftovers(root, folder))
    stale.push(`${path} is not generated any more.`);
  return stale;
}

async function leftovers(root: URL, { path, files }: GeneratedFolder): Promise<string[]> {
  const expected = new Set(files.map((file) => file.path));
  const present = await readdir(new URL(`${path}/`, root)).catch(ifMissing([] as string[]));
  return present.map((name) => `${path}/${name}`).filter((name) => !expected.has(name));
}

async function readOrNothing(url: URL): Promise<string | undefined> {
  return readFile(url, "utf8").catch(ifMissing(undefined));
}

function ifMissing<Value>(value: Value): (error: NodeJS.ErrnoException) => Value {
  return (error) => {
    if (error.code === "ENOENT") return value;
    throw error;
  };
}

/** The first line in which two texts differ, for a message. */
function firstDifference(fresh: string, committed: string): string {
  const freshLines = fresh.split("\n");
  const oldLines = committed.split("\n");
  const length = Math.max(freshLines.length, oldLines.length);
  let at = 0;
  while (at < length && freshLines[at] === oldLines[at]) at += 1;
  return `line ${at + 1}: expected ${shown(freshLines[at])}, found ${shown(oldLines[at])}`;
}

const LONGEST_SHOWN = 160;

function shown(line: string | undefined): string {
  if (line === undefined) return "the end of the file";
  return JSON.stringify(line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line);
}
