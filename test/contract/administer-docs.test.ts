/** Do the documents name only commands, options, checks and tests that exist, and all of those that they list? */
import { existsSync, globSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { REMEDIES } from "#platform/health/remedies";
import { VERSION } from "#platform/version";
import { commandTexts } from "#cli/command-line";
import { COMMANDS as DECLARED } from "#cli/commands";
import { CHECK_NAMES } from "#cli/doctor/check";
import { documentTable, readDocument } from "../support/document-table.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const COMMANDS = commandTexts(DECLARED);
const DOCUMENTS = ["README.md", ...globSync("docs/**/*.md", { cwd: ROOT })];

interface Package {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
}
const { version, scripts } = JSON.parse(readDocument("package.json")) as Package;

/** Lines of code, from blocks and from spans: prose may use the words otherwise. */
function codeOf(path: string): string[] {
  const text = readDocument(path);
  const blocks = [...text.matchAll(/^```[a-z]*\n(.*?)^```/gms)].flatMap(([, code = ""]) =>
    code.split("\n"),
  );
  const spans = [...text.replaceAll(/^```.*?^```/gms, "").matchAll(/`([^`]+)`/g)].map(
    ([, code = ""]) => code,
  );
  return [...blocks, ...spans].map((line) => line.split(/\s#/, 1)[0] ?? "");
}

/** What follows `caseqa` on a line, up to the next shell operator. */
function invocations(line: string): string[] {
  const found = line.matchAll(
    /(?:npm run --silent caseqa --|(?<![\w./-])caseqa)(?= |$)([^|&;>]*)/g,
  );
  return [...found].map(([, rest = ""]) => rest.trim());
}

const codes = DOCUMENTS.flatMap((path) => codeOf(path).map((line) => ({ path, line })));

describe("the documents", () => {
  it("name only npm scripts that exist", () => {
    const named = codes.flatMap(({ path, line }) =>
      [...line.matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g)].map(([, name = ""]) => ({
        path,
        name,
      })),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ name }) => !(name in scripts))).toEqual([]);
  });

  it("name only commands of caseqa that exist, with options that they take", () => {
    const calls = codes.flatMap(({ path, line }) =>
      invocations(line).map((rest) => ({ path, rest })),
    );
    const wrong = calls.filter(({ rest }) => {
      if (rest === "" || /^(?:COMMAND|--help|--version|completion (?:bash|zsh|fish)$)/.test(rest))
        return false;
      const command = COMMANDS.find(({ name }) => rest === name || rest.startsWith(`${name} `));
      if (!command) return true;
      const options = [...rest.matchAll(/(?<=\s)--[a-z-]+/g)].map(([option]) => option);
      return options.some((option) => !command.help.includes(option));
    });
    expect(calls.length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });

  it("name only commands of the plugin of zcli that exist", () => {
    const ids = COMMANDS.map(({ name }) => `caseqa:${name.replaceAll(" ", ":")}`);
    const named = codes.flatMap(({ line }) =>
      [...line.matchAll(/zcli (caseqa:[a-z:]+)/g)].map(([, id]) => id),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((id) => !ids.includes(id ?? ""))).toEqual([]);
  });

  it("list every command as its own help does, and whether it changes something", () => {
    const listed = documentTable("docs/administer.md", "commands");
    expect(listed.map((row) => row.slice(0, 2))).toEqual(
      COMMANDS.map(({ name, summary }) => [`caseqa ${name}`, summary]),
    );
    const changing = listed.filter(([, , changes]) => changes !== "no").map(([name]) => name);
    const dry = COMMANDS.filter(({ help }) => help.includes("--dry-run"));
    expect(changing).toEqual(dry.map(({ name }) => `caseqa ${name}`));
  });

  it("have a row for each check of the doctor, with the server's own cures", () => {
    const rows = documentTable("docs/administer.md", "doctor");
    const own = Object.entries(REMEDIES).map(([name, cure]) => [`server: ${name}`, cure]);
    expect(rows.map(([name]) => name)).toEqual([...CHECK_NAMES, ...own.map(([name]) => name)]);
    const cures = rows.filter(([name]) => name?.startsWith("server: "));
    expect(cures.map(([name, , cure]) => [name, cure])).toEqual(own);
  });

  it("lead to files that are there, and to headings that they have", () => {
    const wrong = DOCUMENTS.flatMap((path) =>
      [...readDocument(path).matchAll(/(!?)\[[^\]]*\]\(([^)\s]+)\)/g)].flatMap(
        ([, picture, target = ""]) => {
          if (/^https?:/.test(target)) return [];
          // All of them are made by one run of a script: without it there is none.
          if (picture && !existsSync(join(ROOT, "docs/images"))) return [];
          const [file = "", heading] = target.split("#");
          const to = file === "" ? path : join(dirname(path), file);
          if (!existsSync(join(ROOT, to))) return [`${path}: ${target}`];
          if (heading === undefined || headings(to).includes(heading)) return [];
          return [`${path}: ${target}`];
        },
      ),
    );
    expect(wrong).toEqual([]);
  });

  it.each(["docs/security.md", "docs/guarantees.md"])("name tests that are there: %s", (path) => {
    const tests = [...readDocument(path).matchAll(/`(test\/[^`]+)`/g)].map(([, name = ""]) => name);
    const missing = tests.filter((name) => {
      const found = [name, `${name}.test.ts`].some((one) => existsSync(join(ROOT, one)));
      return !found && globSync(`${name}*`, { cwd: ROOT }).length === 0;
    });
    expect(tests.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });
});

/** As links name them. */
function headings(path: string): string[] {
  return [...readDocument(path).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("the version", () => {
  it("is the package's in the server and in the app", () => {
    const manifest = JSON.parse(readDocument("app/manifest.json")) as { version: string };
    expect([VERSION, manifest.version]).toEqual([version, version]);
  });
});
