import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "#zis/services/store";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "zis-lock-"));
});
afterEach(() => rm(directory, { recursive: true }));

const lock = () => join(directory, "lock");

describe("the lock of a directory of state", () => {
  it("names the process while the store is open and is gone after it", async () => {
    const store = openStore(directory);
    expect(await readFile(lock(), "utf8")).toBe(`${process.pid}\n`);
    await store.close();
    await expect(readFile(lock())).rejects.toThrow("ENOENT");
  });

  it("keeps out others as long as its process runs, and not longer", async () => {
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await writeFile(lock(), `${other.pid}\n`);
    expect(() => openStore(directory)).toThrow(`in use by the process ${other.pid}: stop that`);
    other.kill();
    await once(other, "exit");
    await openStore(directory).close();
  });

  it("is taken over from a process that had the same number", async () => {
    await writeFile(lock(), `${process.pid}\n`);
    await openStore(directory).close();
  });

  it("keeps out others before its process has written its number", async () => {
    await writeFile(lock(), "");
    expect(() => openStore(directory)).toThrow("in use by another process");
  });

  it.each(["[[", "{}", "[1]", '[["a", null]]', "[[1, 2]]"])(
    "is given up when a file holds %s",
    async (text) => {
      await writeFile(join(directory, "numbers.json"), text);
      expect(() => openStore(directory)).toThrow("numbers.json cannot be read: fix it, or delete");
      await expect(readFile(lock())).rejects.toThrow("ENOENT");
    },
  );
});
