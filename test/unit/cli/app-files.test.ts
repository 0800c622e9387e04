import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readAppPackage } from "#app-package/folder";
import { lintApp } from "#app-package/lint";
import {
  completeAppConfig,
  completeIgnoreFile,
  readAppConfig,
  writeAppConfig,
} from "#cli/zendesk-app/app-config";

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "caseqa-app-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

const NOTHING = { ours: {}, installed: {}, appId: undefined, installationId: undefined };

test("a package holds what zcli would pack: no dot files, no tmp, nothing that a glob names", async () => {
  const folder = await folderOf({
    "manifest.json": "{}",
    ".zcliignore": "# ours\r\n\r\nnode_modules/**\n**/*.map\n",
    ".env": "SECRET=1",
    "tmp/app-1.zip": "PK",
    "node_modules/a/index.js": "1",
    "assets/app.js": "1",
    "assets/deep/app.js.map": "{}",
  });
  await symlink("app.js", join(folder, "assets/link.js"));

  const app = await readAppPackage(folder);

  expect([...app.files.keys()].toSorted()).toEqual([
    "assets/app.js",
    "assets/link.js",
    "manifest.json",
  ]);
  expect(app.ignored).toEqual(["node_modules/**", "**/*.map"]);
  expect(lintApp(app).map(({ rule }) => rule)).toContain("symlink");
});

test("the globs of .zcliignore are completed once, and other lines stay", async () => {
  const folder = await folderOf({ ".zcliignore": "drafts/**\ntmp/**" });
  await completeIgnoreFile(folder);
  const once = await readFile(join(folder, ".zcliignore"), "utf8");
  await completeIgnoreFile(folder);
  expect(await readFile(join(folder, ".zcliignore"), "utf8")).toBe(once);
  expect(once.split("\n")).toEqual([
    "drafts/**",
    "tmp/**",
    "zcli.apps.config.json",
    "node_modules/**",
    "**/*.map",
    "",
  ]);
});

test("zcli's file is read as missing when zcli emptied it, and refused when it is torn", async () => {
  expect(await readAppConfig(await folderOf({}))).toEqual({ parameters: {} });
  const emptied = await folderOf({ "zcli.apps.config.json": "" });
  expect(await readAppConfig(emptied)).toEqual({ parameters: {} });
  const torn = await folderOf({ "zcli.apps.config.json": '{"parameters": {"secret": "x' });
  await expect(readAppConfig(torn)).rejects.toThrow(/zcli.apps.config.json is not JSON/);
});

test("zcli's file is written whole: nothing else is left beside it", async () => {
  const folder = await folderOf({});
  await Promise.all(
    [1, 2, 3].map((app_id) => writeAppConfig(folder, { app_id, parameters: { a: "b" } })),
  );
  expect(await readdir(folder)).toEqual(["zcli.apps.config.json"]);
  expect(await readAppConfig(folder)).toMatchObject({ parameters: { a: "b" } });
});

test("every parameter gets a value: ours, the file's, the installation's, the preset, else an empty one", () => {
  const completed = completeAppConfig(
    { plan: "basic", parameters: { a: "file", b: "file", old: "kept" } },
    [
      { name: "a" },
      { name: "b" },
      { name: "c" },
      { name: "d", default: "preset" },
      { name: "e", type: "checkbox" },
      { name: "f" },
    ],
    {
      ours: { a: "ours" },
      installed: { b: "installed", c: "installed" },
      appId: "42",
      installationId: "7",
    },
  );
  expect(completed).toEqual({
    plan: "basic",
    app_id: 42,
    installation_id: 7,
    parameters: { a: "ours", b: "file", c: "installed", d: "preset", e: false, f: "", old: "kept" },
  });
});

test("a required parameter without a value is refused: zcli would ask, install nothing and report success", () => {
  const complete = () =>
    completeAppConfig({ parameters: {} }, [{ name: "key", required: true }], NOTHING);
  expect(complete).toThrow(/the app's parameter key has no value/);
});
