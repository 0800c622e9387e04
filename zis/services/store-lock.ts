/** How a directory of state is kept to one process at a time. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Why a directory of state cannot be used; the message says what to do. */
export class StateError extends Error {
  override readonly name = "StateError";
}

/**
 * Takes the directory for this process. A lock whose process is gone is taken over. Throws a StateError
 * while another process has it.
 *
 * @returns gives the directory up again
 */
export function lockDirectory(directory: string): () => void {
  const file = join(directory, "lock");
  for (let attempt = 0; ; attempt += 1) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: "wx" });
      return () => {
        if (ownerOf(file) === process.pid) rmSync(file, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = ownerOf(file);
    if (attempt > 0 || isRunning(owner)) {
      const who = Number.isNaN(owner) ? "another process" : `the process ${owner}`;
      throw new StateError(`in use by ${who}: stop that first, or delete ${file} if it is not zis`);
    }
    rmSync(file, { force: true });
  }
}

/** NaN when the file is gone or does not hold a number. */
function ownerOf(file: string): number {
  try {
    return Number.parseInt(readFileSync(file, "utf8"), 10);
  } catch {
    return Number.NaN;
  }
}

function isRunning(pid: number): boolean {
  // Without a number the other process is just about to write it.
  if (Number.isNaN(pid)) return true;
  // Containers give the same number again after a crash.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
