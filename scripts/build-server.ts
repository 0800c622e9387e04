/** npm run build: compiles the actions server, with what it imports. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { npmScript, outOption, type OutOptions, withExitCode, runScript } from "./command-line.ts";
import { compile, compiledImports } from "./compile.ts";

async function build(out: string): Promise<number> {
  if (compile("actions-server", out) !== 0) return 1;
  const manifest = { type: "module", private: true, imports: await compiledImports() };
  await writeFile(join(out, "package.json"), `${JSON.stringify(manifest)}\n`);
  return 0;
}

const command = npmScript(
  "build",
  "Compiles the actions server: node DIR/actions-server/start.js starts it.",
  "0 built, 1 it does not compile, 2 wrong usage",
).addOption(outOption("the folder; it needs the project's node_modules above it", "dist"));
await runScript(withExitCode(command, ({ out }: OutOptions) => build(out)));
