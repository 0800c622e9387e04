/** What a figure was measured on and with, and where it is written. */
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname, resolve } from "node:path";

export interface Environment {
  /** The commit, with `+changes` when the files differ from it; null outside a repository. */
  readonly commit: string | null;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly at: string;
}

export function environment(): Environment {
  const [cpu, ...others] = cpus();
  return {
    commit: commit(),
    node: process.version,
    cpu: cpu?.model ?? "unknown",
    cores: others.length + 1,
    at: new Date().toISOString(),
  };
}

function commit(): string | null {
  try {
    const head = git("rev-parse", "HEAD");
    return git("status", "--porcelain") === "" ? head : `${head}+changes`;
  } catch {
    return null;
  }
}

function git(...args: string[]): string {
  return execFileSync("git", args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

/** Writes a report as JSON and says where, unless nothing else may be printed. */
export async function writeReport(file: string, report: object, quiet = false): Promise<void> {
  const path = resolve(file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(report, undefined, 2)}\n`);
  if (!quiet) console.log(`\nEvery sample is in ${path}`);
}
