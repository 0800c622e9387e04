/** What is run on a Node that is too old: does everything that is built say so, and nothing else? */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { findOldNode, type OldNode } from "../support/old-node.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const OLD = findOldNode();

/** Builds into a folder below dist/, from where node_modules is found. @returns the folder */
async function build(script: string): Promise<string> {
  await mkdir(join(ROOT, "dist"), { recursive: true });
  const folder = await mkdtemp(join(ROOT, "dist", "test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const PATH = `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`;
  const built = spawnSync("npm", ["run", script, "--", "--out", folder], {
    cwd: ROOT,
    env: { ...process.env, PATH },
    encoding: "utf8",
  });
  expect(built.status, built.stderr).toBe(0);
  return folder;
}

it.skipIf(OLD === undefined).for([
  ["build", "actions-server/start.js", "The actions server of CaseQA"],
  ["build:cli", "cli/main.js", "caseqa"],
  ["build:zis", "cli/main.js", "zis"],
] as const)("what npm run %s makes names the Node that it needs", async (row) => {
  const [script, entry, name] = row;
  const { file, version } = OLD as OldNode;
  const folder = await build(script);
  const run = spawnSync(file, [join(folder, entry), "--help"], { encoding: "utf8" });
  expect(run).toMatchObject({ status: 1, stdout: "" });
  expect(run.stderr).toBe(
    `${name} needs Node 24 or newer; this is Node ${version}.\n` +
      "    Install Node 24 from https://nodejs.org, then run it again.\n",
  );
});
