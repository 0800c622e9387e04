/** npm run build:zis: makes the local ZIS a package of its own, to be packed with npm pack. */
import { spawnSync } from "node:child_process";
import { chmod, cp, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../zis/package.json" with { type: "json" };
import { npmScript, outOption, type OutOptions, withExitCode, runScript } from "./command-line.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const SOURCE = join(ROOT, "zis");

/** Compiles; what the compiler complains of goes to the terminal. @returns its exit code */
function compile(out: string): number {
  const tsc = join(ROOT, "node_modules", ".bin", "tsc");
  const args = ["--project", join(SOURCE, "tsconfig.build.json"), "--outDir", out];
  return spawnSync(tsc, args, { stdio: "inherit" }).status ?? 1;
}

/** What is not compiled: the manifest, the README, styles, scripts and pictures of pages. */
async function copyAssets(out: string): Promise<void> {
  const entries = await readdir(SOURCE, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || /\.ts$|^tsconfig\./.test(entry.name)) continue;
    const from = join(entry.parentPath, entry.name);
    await cp(from, join(out, from.slice(SOURCE.length)), { recursive: true });
  }
}

async function build(out: string): Promise<number> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const code = compile(out);
  if (code !== 0) {
    process.stderr.write("zis/ does not compile: nothing to pack\n");
    return 1;
  }
  await copyAssets(out);
  await chmod(join(out, "cli", "main.js"), 0o755);
  process.stdout.write(
    `built ${out}: npm pack there makes ${manifest.name}-${manifest.version}.tgz\n`,
  );
  return 0;
}

const command = npmScript(
  "build:zis",
  "Compiles zis/ to a folder that npm pack turns into the package zis-local.",
  "0 built, 1 zis/ does not compile, 2 wrong usage",
).addOption(outOption("the folder, emptied first", "dist/zis"));
await runScript(withExitCode(command, ({ out }: OutOptions) => build(out)));
