/** npm run build: compiles the actions server, with what it imports. */
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readOut, withOptions } from "./arguments.ts";
import { compiledImports } from "./compiled-imports.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

const HELP = `Usage: npm run build [-- --out DIR]

Compiles the actions server: node DIR/actions-server/start.js starts it.

  --out DIR   the folder (default: dist). It needs the project's node_modules above it.
  --help      this text

Exit codes: 0 built, 1 it does not compile, 2 misuse.
`;

async function build(out: string): Promise<number> {
  const tsc = join(ROOT, "node_modules", ".bin", "tsc");
  const project = join(ROOT, "actions-server", "tsconfig.build.json");
  const args = ["--project", project, "--outDir", out];
  const { status } = spawnSync(tsc, args, { stdio: "inherit" });
  if (status !== 0) return 1;
  const manifest = { type: "module", private: true, imports: await compiledImports() };
  await writeFile(join(out, "package.json"), `${JSON.stringify(manifest)}\n`);
  return 0;
}

process.exitCode = await withOptions(HELP, () => readOut("dist"), build);
