/** npm run bundle: writes bundle/generated/bundle.json, or with --check fails when it is stale. */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { buildBundle, GENERATED_OPTIONS } from "../bundle/index.ts";
import { renderBundle } from "../bundle/render.ts";
import { checkText } from "../zis/check/check-text.ts";
import { BUDGETS_SECONDS } from "../bundle/budgets.ts";

const TARGET = new URL("../bundle/generated/bundle.json", import.meta.url);
const BUDGETS = new URL("../bundle/generated/bundle.budgets.json", import.meta.url);

const HELP = `Usage: npm run bundle [-- --check]

Writes the ZIS bundle and the seconds that each of its actions may take to bundle/generated/.

  --check   write nothing; exit 1 when the committed files are stale
  --help    this text

Exit codes: 0 written or fresh, 1 stale or faulty, 2 misuse.
`;

async function readOrEmpty(url: URL): Promise<string> {
  try {
    return await readFile(url, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** The first line in which two texts differ, for a message. */
function firstDifference(fresh: string, committed: string): string {
  const freshLines = fresh.split("\n");
  const oldLines = committed.split("\n");
  const at = freshLines.findIndex((line, index) => line !== oldLines[index]);
  return `line ${at + 1}: expected ${JSON.stringify(freshLines[at] ?? "")}, found ${JSON.stringify(oldLines[at] ?? "")}`;
}

async function main(): Promise<number> {
  let check: boolean;
  try {
    const { values } = parseArgs({
      options: { check: { type: "boolean", default: false }, help: { type: "boolean" } },
    });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    check = values.check;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }

  const bundle = renderBundle(buildBundle(GENERATED_OPTIONS));
  const budgets = `${JSON.stringify(BUDGETS_SECONDS, null, 2)}\n`;

  const faults = checkText(bundle, { budgets: BUDGETS_SECONDS }).findings.filter(
    (finding) => finding.severity === "error",
  );
  for (const fault of faults) {
    process.stderr.write(`${fault.path}: ${fault.message} (${fault.rule})\n`);
  }
  if (faults.length > 0) return 1;

  let stale = false;
  for (const [url, fresh] of [
    [TARGET, bundle],
    [BUDGETS, budgets],
  ] as const) {
    const committed = await readOrEmpty(url);
    if (committed === fresh) continue;
    const name = url.pathname.split("/").slice(-3).join("/");
    if (check) {
      stale = true;
      process.stderr.write(
        `${name} is stale at ${firstDifference(fresh, committed)}. Run: npm run bundle\n`,
      );
    } else {
      await writeFile(url, fresh);
      process.stdout.write(`wrote ${name}\n`);
    }
  }
  return stale ? 1 : 0;
}

process.exitCode = await main();
