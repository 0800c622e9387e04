/** Does npm run test:fault say what it did, where the report is, and what was wrong with its options? */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runScript } from "../../support/run-script.ts";

const run = (...args: string[]) => runScript("scripts/fault.ts", args);

describe("npm run test:fault", () => {
  it("plays the histories asked for, and replaces the report of an earlier run", async () => {
    const folder = await mkdtemp(join(tmpdir(), "caseqa-fault-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, "report.json");
    await writeFile(path, "of an earlier run");
    const { code, stdout } = await run("--histories", "1", "--seed", "3", "--report", path);
    expect(stdout).toContain(
      `1 histories, 1 kills: 0 lost, 0 doubled, 0 exits, 0 other violations: ${path}\n`,
    );
    expect(stdout).toContain("\nNever killed: ");
    expect(code).toBe(0);
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
      histories: 1,
      seeds: [3],
      violations: [],
    });
  });

  it("explains itself", async () => {
    const { code, stdout } = await run("--help");
    expect(code).toBe(0);
    expect(stdout).toContain("--histories <N>");
  });

  it.each([
    [
      ["--histories", "0"],
      "option '--histories <N>' argument '0' is invalid. It is a whole number from 1 to 100000.",
    ],
    [
      ["--seed", "x"],
      "option '--seed <N>' argument 'x' is invalid. It is a whole number from 0 to 2147483648.",
    ],
    [["--nope"], "unknown option '--nope'"],
    [["more"], "too many arguments. Expected 0 arguments but got 1: more"],
  ])("misuse %j is explained", async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});
