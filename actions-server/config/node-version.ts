/** Whether Node is new enough. Imports nothing and is written plainly: an old Node must be able to read this. */

const NEEDED = 24;

/** Says so on standard error, and has the process end with 1, when Node is too old. */
export function isNodeTooOld(program: string): boolean {
  const found = process.versions.node;
  if (Number(found.split(".")[0]) >= NEEDED) return false;
  process.stderr.write(
    `${program} needs Node ${NEEDED} or newer; this is Node ${found}.\n` +
      `    Install Node ${NEEDED} from https://nodejs.org, then run it again.\n`,
  );
  process.exitCode = 1;
  return true;
}
