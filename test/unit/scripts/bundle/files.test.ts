import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { staleFiles, writeGenerated } from "#scripts/bundle/files";

let directory: string;
let root: URL;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "caseqa-files-"));
  root = pathToFileURL(`${directory}/`);
});
afterEach(() => rm(directory, { recursive: true }));

const files = [{ path: "out/a.json", text: "1\n2\n" }];
const docs = { path: "docs", files: [{ path: "docs/b.md", text: "b\n" }] };

it("writes what is missing, then nothing, and finds nothing stale", async () => {
  expect(await writeGenerated(root, files, docs)).toEqual(["out/a.json", "docs/b.md"]);
  expect(await readFile(new URL("out/a.json", root), "utf8")).toBe("1\n2\n");
  expect(await writeGenerated(root, files, docs)).toEqual([]);
  expect(await staleFiles(root, files, docs)).toEqual([]);
});

it.each([
  ["another line", "1\n3\n", 'out/a.json is stale at line 2: expected "2", found "3".'],
  [
    "a missing line",
    "1\n2",
    'out/a.json is stale at line 3: expected "", found the end of the file.',
  ],
  [
    "a line too many",
    "1\n2\n\n",
    'out/a.json is stale at line 4: expected the end of the file, found "".',
  ],
])("names a stale file and the first line that differs: %s", async (_what, text, message) => {
  await writeGenerated(root, files, docs);
  await writeFile(new URL("out/a.json", root), text);
  expect(await staleFiles(root, files, docs)).toEqual([message]);
});

it("tells of files that are missing, and of leftovers in the generated folder, which writing removes", async () => {
  await writeGenerated(root, files, docs);
  await rm(new URL("out/a.json", root));
  await writeFile(new URL("docs/old.svg", root), "");
  expect(await staleFiles(root, files, docs)).toEqual([
    "out/a.json is missing.",
    "docs/old.svg is not generated any more.",
  ]);
  expect(await writeGenerated(root, files, docs)).toEqual(["out/a.json", "docs/old.svg"]);
  expect(await staleFiles(root, files, docs)).toEqual([]);
});
