/** A Node that is older than what we need, where the machine has one beside the one that npm brings. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NEEDED = 24;

export interface OldNode {
  readonly file: string;
  /** Such as 20.20.2. */
  readonly version: string;
}

/** The first on PATH that is not of node_modules and too old; undefined, and one line on standard error, without one. */
export function findOldNode(): OldNode | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const file = join(folder, "node");
    if (folder === "" || folder.includes("node_modules") || !existsSync(file)) continue;
    const version = spawnSync(file, ["--version"], { encoding: "utf8" }).stdout.trim().slice(1);
    if (Number(version.split(".")[0]) < NEEDED) return { file, version };
  }
  process.stderr.write("SKIPPED: no Node older than 24 is on PATH; old Nodes are not tried\n");
  return undefined;
}
