/**
 * Where the services keep their records: in memory, and, when a directory is given, in one JSON file a
 * collection, so that the state survives a restart.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { lockDirectory, StateError } from "./store-lock.ts";

/** Records by key, in the order they were first set. Records are replaced, never changed in place. */
interface Collection<T> {
  get(key: string): T | undefined;
  set(key: string, record: T): void;
  delete(key: string): boolean;
  values(): IterableIterator<T>;
  readonly size: number;
}

export interface Store {
  /** The collection of a name; asked for once by its owner. */
  collection<T>(name: string): Collection<T>;
  /** The next of a series of whole numbers, from 10001 on. */
  nextNumber(series: string): number;
  /** Resolves when everything set so far is on disk (at once without a directory). */
  flush(): Promise<void>;
  /** Flushes for the last time and gives the directory up. */
  close(): Promise<void>;
}

/** How long a change that nobody waits for may stay unwritten, in milliseconds. */
const WRITE_DELAY_MS = 200;

/**
 * Opens a store. Throws when the directory cannot be made; it and `collection` throw a StateError when
 * another process uses the directory, or a file is not what was written.
 *
 * @param directory where the files are; absent: everything is gone with the process.
 */
export function openStore(directory?: string): Store {
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  const unlock = directory === undefined ? () => undefined : lockDirectory(directory);
  const collections = new Map<string, Map<string, unknown>>();
  const dirty = new Set<string>();
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function changed(name: string): void {
    if (directory === undefined) return;
    dirty.add(name);
    timer ??= setTimeout(() => {
      timer = undefined;
      // What failed to be written stays dirty; the next request that waits for it reports the error.
      flush().catch(() => undefined);
    }, WRITE_DELAY_MS).unref();
  }

  async function writeDirty(to: string): Promise<void> {
    const names = [...dirty];
    dirty.clear();
    for (const name of names) {
      try {
        await replaceFile(fileOf(to, name), JSON.stringify([...(collections.get(name) ?? [])]));
      } catch (error) {
        for (const unwritten of names) dirty.add(unwritten);
        throw error;
      }
    }
  }

  async function flush(): Promise<void> {
    if (directory === undefined) return;
    while (writing !== undefined || dirty.size > 0) {
      writing ??= writeDirty(directory).finally(() => {
        writing = undefined;
      });
      await writing;
    }
  }

  function records<T>(name: string): Map<string, T> {
    const map = directory === undefined ? new Map<string, T>() : readFile<T>(directory, name);
    collections.set(name, map);
    return map;
  }

  let numbers: Map<string, number>;
  try {
    numbers = records<number>("numbers");
  } catch (error) {
    unlock();
    throw error;
  }

  return {
    collection<T>(name: string): Collection<T> {
      const map = records<T>(name);
      return {
        get: (key) => map.get(key),
        values: () => map.values(),
        get size() {
          return map.size;
        },
        set(key, record) {
          map.set(key, record);
          changed(name);
        },
        delete(key) {
          const deleted = map.delete(key);
          if (deleted) changed(name);
          return deleted;
        },
      };
    },
    nextNumber(series) {
      const next = (numbers.get(series) ?? 10_000) + 1;
      numbers.set(series, next);
      changed("numbers");
      return next;
    },
    flush,
    async close() {
      clearTimeout(timer);
      try {
        await flush();
      } finally {
        unlock();
      }
    },
  };
}

function fileOf(directory: string, name: string): string {
  return join(directory, `${name}.json`);
}

function readFile<T>(directory: string, name: string): Map<string, T> {
  const file = fileOf(directory, name);
  try {
    const entries: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (!isEntries(entries)) throw new TypeError("not the entries of a collection");
    return new Map(entries as [string, T][]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw new StateError(`${file} cannot be read: fix it, or delete it to start empty`, {
      cause: error,
    });
  }
}

function isEntries(value: unknown): boolean {
  const isEntry = (entry: unknown): boolean =>
    Array.isArray(entry) && entry.length === 2 && typeof entry[0] === "string" && entry[1] !== null;
  return Array.isArray(value) && value.every(isEntry);
}

/** Readers see the old file or the new one, never a part. */
async function replaceFile(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.new`, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
