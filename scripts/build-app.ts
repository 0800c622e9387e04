/** npm run build:app: makes the Zendesk app, to be installed with zcli. */
import { relative } from "node:path";
import { buildApp, LARGEST_GZIP_BYTES } from "./app/build.ts";
import { npmScript, outOption, type OutOptions, withExitCode, runScript } from "./command-line.ts";

async function build(out: string): Promise<number> {
  try {
    const { sha256, sizes, gzipBytes } = await buildApp({ out });
    for (const { file, gzipBytes: bytes } of sizes)
      process.stdout.write(`${kib(bytes)}  ${file}\n`);
    process.stdout.write(`${kib(gzipBytes)}  of ${kib(LARGEST_GZIP_BYTES).trim()} in all\n`);
    process.stdout.write(`built ${relative("", out)} with the bundle ${sha256.slice(0, 12)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`.padStart(10);
}

const command = npmScript(
  "build:app",
  `Compiles app/ with today's bundle inside to a folder that zcli apps:create and apps:update take.`,
  "0 built, 1 it does not compile or weighs too much, 2 wrong usage",
).addOption(outOption("the folder, emptied first", "dist/app"));
await runScript(withExitCode(command, ({ out }: OutOptions) => build(out)));
