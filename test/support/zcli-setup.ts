/** Runs once before the install tests: gets the unmodified zcli, which is no dependency of ours, on demand. */
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The script of the unmodified zcli, or why it cannot be had. */
    zcli: { readonly bin: string } | { readonly missing: string };
  }
}

const FOLDER = fileURLToPath(new URL("../install/", import.meta.url));
const MODULES = join(FOLDER, "node_modules");
const BIN = join(MODULES, "@zendesk/zcli/bin/run");
/** What npm writes of the tree that it installed; made from the lock file. */
const INSTALLED = ".package-lock.json";

export async function setup(project: TestProject): Promise<void> {
  try {
    if (!(await isCurrent())) await install();
    project.provide("zcli", { bin: BIN });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (process.env["REQUIRE_SERVICES"] === "1") throw error;
    process.stderr.write(
      `\nSKIPPED: the tests with zcli. It could not be installed: ${reason}\n\n`,
    );
    project.provide("zcli", { missing: reason });
  }
}

async function isCurrent(): Promise<boolean> {
  try {
    const wanted = JSON.parse(await readFile(join(FOLDER, "package-lock.json"), "utf8"));
    const found = JSON.parse(await readFile(join(MODULES, INSTALLED), "utf8"));
    const version = (lock: { packages: Record<string, { version: string }> }, name: string) =>
      lock.packages[`node_modules/@zendesk/${name}`]?.version;
    return ["zcli", "zcli-core"].every((name) => version(wanted, name) === version(found, name));
  } catch {
    return false;
  }
}

/** Beside its place first, so that two test runs at once do not meet in one folder: the first to be ready wins. */
async function install(): Promise<void> {
  const folder = await mkdtemp(join(FOLDER, ".zcli-"));
  try {
    for (const name of ["package.json", "package-lock.json"]) {
      await cp(join(FOLDER, name), join(folder, name));
    }
    await npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
    await rm(MODULES, { recursive: true, force: true });
    try {
      await rename(join(folder, "node_modules"), MODULES);
    } catch (error) {
      if (!(await isCurrent())) throw error;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function npm(args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${args[0]} ended with ${code}: ${stderr.slice(-500)}`));
    });
  });
}
