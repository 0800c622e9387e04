/** npm run build:zis: makes the local ZIS a package of its own, to be packed with npm pack. */
import { spawnSync } from "node:child_process";
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "../zis/cli/version.ts";
import { readOut, withOptions } from "./arguments.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const SOURCE = join(ROOT, "zis");

/** What the package needs of the project's own dependencies, at the same versions. */
const DEPENDENCIES = ["ajv", "fastify", "jq-wasm", "json-p3", "undici"] as const;

const HELP = `Usage: npm run build:zis [-- --out DIR]

Compiles zis/ to a folder that npm pack turns into the package zis-local.

  --out DIR   the folder, emptied first (default: dist/zis)
  --help      this text

Exit codes: 0 built, 1 zis/ does not compile, 2 misuse.
`;

interface Manifest {
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
}

async function readManifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as Manifest;
}

/** The package.json of the package. Throws when the project does not depend on what it needs. */
function packageOf({ license, engines, dependencies }: Manifest): unknown {
  const needed = DEPENDENCIES.map((name): [string, string] => {
    const version = dependencies[name];
    if (version === undefined) throw new Error(`package.json does not depend on ${name}`);
    return [name, version];
  });
  return {
    name: "zis-local",
    version: VERSION,
    description: "Checks, runs and draws Zendesk Integration Services (ZIS) bundles offline.",
    license,
    type: "module",
    engines,
    bin: { zis: "cli/main.js" },
    files: ["**/*"],
    dependencies: Object.fromEntries(needed),
  };
}

/** Compiles; what the compiler complains of goes to the terminal. @returns its exit code */
function compile(out: string): number {
  const tsc = join(ROOT, "node_modules", ".bin", "tsc");
  const args = ["--project", join(SOURCE, "tsconfig.build.json"), "--outDir", out];
  return spawnSync(tsc, args, { stdio: "inherit" }).status ?? 1;
}

/** What is read at run time and not compiled: the README, styles, scripts and pictures of pages. */
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
  const manifest = packageOf(await readManifest());
  await writeFile(join(out, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  process.stdout.write(`built ${out}: npm pack there makes zis-local-${VERSION}.tgz\n`);
  return 0;
}

process.exitCode = await withOptions(HELP, () => readOut("dist/zis"), build);
