/** npm run build:cli: compiles the command caseqa, and makes of it a plugin that the unmodified zcli loads. */
import { chmod, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { COMMANDS } from "#cli/commands";
import { compile, compiledImports, ROOT } from "./compile.ts";
import { npmScript, outOption, type OutOptions, withExitCode, runScript } from "./command-line.ts";

/** oclif finds commands by files: one for each, named after its id. */
async function writePlugin(out: string): Promise<void> {
  const plugin = join(out, "cli", "zcli-plugin");
  await cp(join(ROOT, "cli", "zcli-plugin", "package.json"), join(plugin, "package.json"));
  for (const { name } of COMMANDS) {
    const file = join(plugin, "commands", "caseqa", `${name.replaceAll(" ", "/")}.js`);
    const up = relative(dirname(file), join(plugin, "command-class.js")).replaceAll("\\", "/");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(
      file,
      `import { commandClass } from "${up}";\nexport const Command = commandClass("${name}");\n`,
    );
  }
}

/** zcli has no plugins:link, but oclif reads the links of the data folder. Relative roots would count from where one is. */
async function writeDataFolder(out: string): Promise<void> {
  const data = join(out, "zcli-data");
  const root = join(out, "cli", "zcli-plugin");
  const link = { type: "link", name: "caseqa-zcli-plugin", root };
  const manifest = { private: true, oclif: { schema: 1, plugins: [link] } };
  await mkdir(data, { recursive: true });
  await writeFile(join(data, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function build(out: string): Promise<number> {
  await rm(out, { recursive: true, force: true });
  if (compile("cli", out) !== 0) {
    process.stderr.write("cli/ does not compile\n");
    return 1;
  }
  // Whatever package.json lies above it: these are modules.
  const manifest = {
    type: "module",
    private: true,
    engines: { node: ">=24" },
    imports: await compiledImports(),
  };
  await writeFile(join(out, "package.json"), `${JSON.stringify(manifest)}\n`);
  await chmod(join(out, "cli", "main.js"), 0o755);
  await writePlugin(out);
  await writeDataFolder(out);
  process.stdout.write(
    `built ${out}: ZCLI_DATA_DIR=${join(out, "zcli-data")} zcli caseqa:status\n`,
  );
  return 0;
}

const command = npmScript(
  "build:cli",
  `Compiles cli/ and makes two things of it:

  DIR/cli/main.js   the command: node DIR/cli/main.js status
  DIR/zcli-data     a data folder for zcli: ZCLI_DATA_DIR=DIR/zcli-data zcli caseqa:status`,
  "0 built, 1 cli/ does not compile, 2 wrong usage",
).addOption(
  outOption("the folder, emptied first; it needs the project's node_modules above it", "dist/cli"),
);
await runScript(withExitCode(command, ({ out }: OutOptions) => build(out)));
