/** npm run build:zis: makes the local ZIS a package of its own, to be packed with npm pack. */
import { chmod, cp, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import manifest from "../zis/package.json" with { type: "json" };
import { compile, ROOT } from "./compile.ts";
import { npmScript, outOption, type OutOptions, withExitCode, runScript } from "./command-line.ts";

const SOURCE = join(ROOT, "zis");

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
  if (compile("zis", out) !== 0) {
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
