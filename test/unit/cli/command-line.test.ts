import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { type Command, type Io, Refused } from "#cli/command";
import { commandTexts, runCaseqa } from "#cli/command-line";
import { COMMANDS } from "#cli/commands";
import { createProgress } from "#zis/terminal/progress";
import { changeLines, problemLines } from "#cli/settings-report";
import { markedLine } from "#cli/marked-line";
import { createStyle, table } from "#zis/terminal/style";
import { InstallError } from "#install/install-error";
import { UsageError } from "#zis/terminal/usage-error";

interface Told {
  readonly io: Io;
  readonly out: () => string;
  readonly err: () => string;
}

function listen(): Told {
  let out = "";
  let err = "";
  const io: Io = {
    stdin: Readable.from([]),
    interactive: false,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    progress: { show: () => undefined, done: () => undefined },
    colour: false,
    columns: 100,
    env: {},
    cwd: "/nowhere",
    now: () => new Date("2026-11-25T12:00:00Z"),
    newId: () => "id",
    sleep: async () => undefined,
    stop: new AbortController().signal,
  };
  return { io, out: () => out, err: () => err };
}

function command(name: string, run: Command["run"]): Command {
  return { name, declare: (declared) => declared.summary("s"), run };
}

const TWO = [
  {
    ...command("config get", async (io, words, options) => {
      io.out(JSON.stringify([words, options]));
      return 0;
    }),
    declare: (declared) =>
      declared
        .summary("s")
        .argument("[FIELD...]")
        .option("--to <NAME>", "whom")
        .option("--json", "one object"),
  } satisfies Command,
  command("status", async () => 1),
];

describe("the command line", () => {
  test("a command of two words gets what follows them", async () => {
    const told = listen();
    expect(await runCaseqa(TWO, ["config", "get", "--json", "a"], told.io)).toBe(0);
    expect(told.out()).toBe('[["a"],{"json":true}]');
  });

  test("the exit code is the command's", async () => {
    expect(await runCaseqa(TWO, ["status"], listen().io)).toBe(1);
  });

  test.each([
    { args: [], code: 2, says: "Usage: caseqa [options] [command]" },
    { args: ["--help"], code: 0, says: "Usage: caseqa [options] [command]" },
    { args: ["help"], code: 0, says: "Usage: caseqa [options] [command]" },
    { args: ["config"], code: 2, says: "Usage: caseqa config [options] [command]" },
    { args: ["config", "--help"], code: 0, says: "Usage: caseqa config [options] [command]" },
    {
      args: ["config", "put"],
      code: 2,
      says: "caseqa: unknown command 'put'\ncaseqa --help lists",
    },
    {
      args: ["statsu"],
      code: 2,
      says: "caseqa: unknown command 'statsu' (Did you mean status?)\ncaseqa --help lists",
    },
  ])("$args lists the commands and ends with $code", async ({ args, code, says }) => {
    const told = listen();
    expect(await runCaseqa(TWO, args, told.io)).toBe(code);
    expect(code === 0 ? told.out() : told.err()).toContain(says);
    expect(code === 0 ? told.err() : told.out()).toBe("");
  });

  test.each([
    ["help", "status"],
    ["status", "--help"],
    ["status", "x", "-h"],
  ])("%s %s %s prints the command's help", async (...args) => {
    const told = listen();
    expect(await runCaseqa(TWO, args.filter(Boolean), told.io)).toBe(0);
    expect(told.out()).toContain("Usage: caseqa status [options]\n");
  });

  test.each([
    {
      error: new UsageError("wrong"),
      code: 2,
      says: "caseqa: wrong\ncaseqa it --help shows how it is used.\n",
    },
    { error: new Refused("no", "Do this."), code: 1, says: "caseqa: no\n    Do this.\n" },
    {
      error: new InstallError("Could not do it.", "Do this."),
      code: 1,
      says: "caseqa: Could not do it.\n    Do this.\n",
    },
    {
      error: new Error("away"),
      code: 1,
      says: "caseqa: away\n    Run caseqa doctor: it shows what is wrong and what to do.\n",
    },
  ])("$error ends with $code, on standard error only", async ({ error, code, says }) => {
    const told = listen();
    const failing = command("it", async () => {
      throw error;
    });
    expect(await runCaseqa([failing], ["it"], told.io)).toBe(code);
    expect(told.err()).toBe(says);
    expect(told.out()).toBe("");
  });

  test("--version is the package's", async () => {
    const told = listen();
    expect(await runCaseqa(TWO, ["--version"], told.io)).toBe(0);
    const file = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
    expect(told.out()).toBe(`${(JSON.parse(file) as { version: string }).version}\n`);
  });

  test("what a signal stopped ends with 130, and says what to run", async () => {
    const told = listen();
    const stop = new AbortController();
    const io = { ...told.io, stop: stop.signal };
    const slow: Command = {
      ...command("it", async () => {
        stop.abort();
        throw new Error("No answer");
      }),
      ifStopped: "Run caseqa it again.",
    };
    expect(await runCaseqa([slow], ["it"], io)).toBe(130);
    expect(told.err()).toBe("caseqa: it was stopped\n    Run caseqa it again.\n");
  });

  test.each(commandTexts(COMMANDS))(
    "$name says how it is used, and its exit codes",
    async ({ name, summary, help }) => {
      expect(summary).not.toBe("");
      expect(help).toMatch(new RegExp(`^Usage: caseqa ${name}\\b`));
      expect(help).toMatch(/--json/);
      expect(help).toMatch(/--help/);
      expect(help).toMatch(/\nExit codes: 0 /);
      for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
      const told = listen();
      const args = [...name.split(" "), "--no-such-option"];
      expect(await runCaseqa(COMMANDS, args, told.io)).toBe(2);
      expect(told.err()).toContain("unknown option '--no-such-option'");
      expect(told.err()).toContain(`caseqa ${name} --help shows how it is used.\n`);
    },
  );
});

describe("arguments", () => {
  async function read(...args: string[]) {
    const told = listen();
    const code = await runCaseqa(TWO, ["config", "get", ...args], told.io);
    return { code, out: told.out(), err: told.err() };
  }

  test("values, flags and the rest", async () => {
    const { out } = await read("a", "--to", "b", "--json", "--to=c", "--", "--d");
    expect(out).toBe('[["a","--d"],{"to":"c","json":true}]');
  });

  test.each([
    [["--to"], /'--to <NAME>' argument missing/],
    [["--to", "--json"], /'--to <NAME>' .* It needs a value/],
    [["--to="], /'--to <NAME>' .* It needs a value/],
    [["--json=1"], /unknown option '--json=1'/],
    [["--jsno"], /unknown option '--jsno' \(Did you mean --json\?\)/],
  ])("%j is wrong usage", async (args, message) => {
    const { code, out, err } = await read(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });

  test.each([
    [["links", "create", "1"], /missing required argument 'CASE'/],
    [["status", "1"], /too many arguments/],
    [["sweep", "--timeout", "0"], /whole number from 1 to 3600/],
    [["sweep", "--timeout", "1.5"], /whole number from 1 to 3600/],
    [["sweep", "--timeout", "3601"], /whole number from 1 to 3600/],
    [["sweep", "--timeout", "x"], /whole number from 1 to 3600/],
    [["links", "find", "--ticket", "x"], /"x" is not a ticket number/],
    [["rollback", "--to", "abc"], /A hash has 8 to 64 of the characters 0-9 and a-f/],
    [["install", "--only", "bundel"], /There is no step bundel/],
  ])("%j is refused with what is wrong", async (args, message) => {
    const told = listen();
    expect(await runCaseqa(COMMANDS, args, told.io)).toBe(2);
    expect(told.err()).toMatch(message);
    expect(told.out()).toBe("");
  });
});

describe("a file that is named", () => {
  test("and is not there is misuse, in plain words", async () => {
    const told = listen();
    expect(await runCaseqa(COMMANDS, ["config", "validate", "gone.json"], told.io)).toBe(2);
    expect(told.err()).toContain("caseqa: gone.json: the file does not exist\n");
  });
});

describe("texts from Zendesk and the server", () => {
  const steering = "Ada\u001b[2J\u202e\u009b";
  const shown = "Ada\\u001b[2J\\u202e\\u009b";

  test("cannot steer the terminal from a table, a line or an error", async () => {
    expect(table([["by"], [steering]])).toBe(`by\n${shown}\n`);
    const line = markedLine(createStyle(false), "ok", steering, steering, steering, 0);
    expect(line).toBe(`✓ ${shown} ${shown}\n    ${shown}`);
    const told = listen();
    const failing = command("status", async () => {
      throw new Error(steering);
    });
    await runCaseqa([failing], ["status"], told.io);
    expect(told.err()).toContain(`caseqa: ${shown}\n`);
  });

  test("changes and problems of settings neither", () => {
    const change = { field: "ignore_tags", before: [], after: [steering] } as const;
    expect(changeLines([change], createStyle(false))).toContain("Ada\\u001b[2J\\u202e");
    expect(problemLines([{ field: steering, message: "m" }])).toBe(`${shown}: m\n`);
  });
});

describe("progress", () => {
  test("elsewhere than on a terminal it speaks every two seconds, and not before", () => {
    let lines = "";
    let now = 0;
    const progress = createProgress({ write: (text) => (lines += text) }, () => now);
    for (now of [0, 1_000, 2_000, 3_000, 4_100]) progress.show(`at ${now}`);
    progress.done();
    expect(lines).toBe("  2.0 s  at 2000\n  4.1 s  at 4100\n");
  });

  test("elsewhere than on a terminal the same text is repeated every thirty seconds only", () => {
    let lines = "";
    let now = 0;
    const progress = createProgress({ write: (text) => (lines += text) }, () => now);
    for (now = 0; now <= 62_000; now += 1_000) progress.show("waiting");
    expect(lines).toBe("  2.0 s  waiting\n 32.0 s  waiting\n 62.0 s  waiting\n");
  });

  test("on a terminal the line is rewritten, and taken away at the end", () => {
    let text = "";
    const progress = createProgress({ isTTY: true, write: (more) => (text += more) }, () => 500);
    progress.show("working");
    progress.done();
    expect(text).toBe("\r\u001b[2K  0.5 s  working\r\u001b[2K");
  });
});
