/** How the builds compile: the compiler's run, and the import aliases of what it emits. */
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** By the folder's own tsconfig.build.json; what the compiler complains of goes to the terminal. @returns its exit code */
export function compile(folder: string, out: string): number {
  const tsc = join(ROOT, "node_modules", ".bin", "tsc");
  const args = ["--project", join(ROOT, folder, "tsconfig.build.json"), "--outDir", out];
  return spawnSync(tsc, args, { stdio: "inherit" }).status ?? 1;
}

interface Manifest {
  readonly imports: Readonly<Record<string, string>>;
}

/** For the package.json beside compiled code. @returns the aliases of the project's package.json, pointing to `.js` instead of `.ts` */
export async function compiledImports(): Promise<Record<string, string>> {
  const text = await readFile(join(ROOT, "package.json"), "utf8");
  const { imports } = JSON.parse(text) as Manifest;
  const compiled = Object.entries(imports).map(([alias, target]): [string, string] => [
    alias,
    target.replace(/\.ts$/, ".js"),
  ]);
  return Object.fromEntries(compiled);
}
