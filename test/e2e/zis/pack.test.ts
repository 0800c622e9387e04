/** The packed package `zis-local`, away from the repository. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScript } from "../../support/run-script.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "zis-pack-"));
const unpacked = join(directory, "package");

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return stdout;
}

beforeAll(async () => {
  const built = join(directory, "built");
  const { code, stderr, stdout } = await runScript("scripts/build-zis.ts", ["--out", built]);
  expect(code, stdout + stderr).toBe(0);
  run("npm", ["pack", "--pack-destination", directory, "--offline"], built);
  run("tar", ["-xzf", "zis-local-0.1.0.tgz"], directory);
  symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"));
}, 90_000);

afterAll(() => rmSync(directory, { recursive: true }));

const zis = (...args: string[]): string =>
  run(process.execPath, [join(unpacked, "cli/main.js"), ...args], directory);

describe("the package zis-local", () => {
  it("declares its command and every module that it imports", () => {
    const manifest = JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8"));
    expect(manifest).toMatchObject({ name: "zis-local", bin: { zis: "cli/main.js" } });
    const imported = readdirSync(unpacked, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".js"))
      .flatMap((name) => [
        ...readFileSync(join(unpacked, name), "utf8").matchAll(
          /(?:from|import\(|resolve\() ?"([a-z][\w-]*(?::\w+)?)/g,
        ),
      ])
      .map(([, name = ""]) => name)
      .filter((name) => !name.startsWith("node:") && !builtinModules.includes(name));
    expect(new Set(imported)).toEqual(new Set(Object.keys(manifest.dependencies)));
  });

  it("has the versions that the rest of the project has", () => {
    const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), "utf8"));
    const { dependencies, devDependencies } = read("package.json");
    const all = { ...dependencies, ...devDependencies };
    for (const [name, version] of Object.entries(read("zis/package.json").dependencies)) {
      expect(all[name] ?? version, name).toBe(version);
    }
  });

  it("contains no sources", () => {
    const names = readdirSync(unpacked, { recursive: true, encoding: "utf8" });
    expect(names.filter((name) => /\.ts$|tsconfig/.test(name))).toEqual([]);
    expect(names).toContain("README.md");
  });

  it("runs a flow with jq in it, and checks and draws", () => {
    const fixture = (name: string) => join(ROOT, "test/fixtures/zis", `handover.${name}`);
    const given = ["input", "mocks", "configs", "links", "connections"].flatMap((name) => [
      `--${name}`,
      fixture(`${name}.json`),
    ]);
    const report = zis("run", fixture("json"), "--flow", "hand_over", ...given, "--json");
    expect(JSON.parse(report)).toMatchObject({ status: "SUCCEEDED", transitions: 12 });
    expect(zis("graph", fixture("json"), "--flow", "hand_over")).toMatch(/^flowchart TD/);
    expect(zis("--version")).toBe("0.1.0\n");
  });
});
