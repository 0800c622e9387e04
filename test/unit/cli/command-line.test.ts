import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { readArguments, requirePositionals, wholeNumber } from "#cli/arguments";
import { type Command, type Io, Misuse, Refused } from "#cli/command";
import { runCommandLine } from "#cli/command-line";
import { COMMANDS } from "#cli/commands";
import { createProgress } from "#zis/terminal/progress";
import { changeLines, problemLines } from "#cli/settings-report";
import { markedLine } from "#cli/marked-line";
import { createStyle, table } from "#zis/terminal/style";
import { InstallError } from "#install/install-error";

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
  return { name, summary: "s", help: `Usage: caseqa ${name}\n`, run };
}

const TWO = [
  command("config get", async (args, io) => {
    io.out(args.join(" "));
    return 0;
  }),
  command("status", async () => 1),
];

describe("the command line", () => {
  test("a command of two words gets what follows them", async () => {
    const told = listen();
    expect(await runCommandLine(TWO, ["config", "get", "--json", "a"], told.io)).toBe(0);
    expect(told.out()).toBe("--json a");
  });

  test("the exit code is the command's", async () => {
    expect(await runCommandLine(TWO, ["status"], listen().io)).toBe(1);
  });

  test.each([
    { args: [], code: 2 },
    { args: ["--help"], code: 0 },
    { args: ["help"], code: 0 },
    { args: ["config"], code: 2 },
    { args: ["config", "--help"], code: 0 },
    { args: ["config", "put"], code: 2 },
    { args: ["statsu"], code: 2 },
  ])("$args lists the commands and ends with $code", async ({ args, code }) => {
    const told = listen();
    expect(await runCommandLine(TWO, args, told.io)).toBe(code);
    expect(code === 0 ? told.out() : told.err()).toContain("Usage: caseqa COMMAND");
    expect(code === 0 ? told.err() : told.out()).toBe("");
  });

  test.each([
    ["help", "status"],
    ["status", "--help"],
    ["status", "x", "-h"],
  ])("%s %s %s prints the command's help", async (...args) => {
    const told = listen();
    expect(await runCommandLine(TWO, args.filter(Boolean), told.io)).toBe(0);
    expect(told.out()).toBe("Usage: caseqa status\n");
  });

  test.each([
    {
      error: new Misuse("wrong"),
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
    expect(await runCommandLine([failing], ["it"], told.io)).toBe(code);
    expect(told.err()).toBe(says);
    expect(told.out()).toBe("");
  });

  test("--version is the package's", async () => {
    const told = listen();
    expect(await runCommandLine(TWO, ["--version"], told.io)).toBe(0);
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
    expect(await runCommandLine([slow], ["it"], io)).toBe(130);
    expect(told.err()).toBe("caseqa: it was stopped\n    Run caseqa it again.\n");
  });

  test.each(COMMANDS)("$name says how it is used, and its exit codes", async ({ name, help }) => {
    expect(help).toMatch(new RegExp(`^Usage: caseqa ${name}\\b`));
    expect(help).toMatch(/--json/);
    expect(help).toMatch(/--help/);
    expect(help).toMatch(/\nExit codes: 0 /);
    for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
    const told = listen();
    expect(await runCommandLine(COMMANDS, [...name.split(" "), "--no-such-option"], told.io)).toBe(
      2,
    );
    expect(told.err()).toContain("there is no option --no-such-option");
  });
});

describe("arguments", () => {
  const names = { values: ["to"], flags: ["json"] };

  test("values, flags and the rest", () => {
    const read = readArguments(["a", "--to", "b", "--json", "--to=c", "--", "--d"], names);
    expect(read.positionals).toEqual(["a", "--d"]);
    expect(read.value("to")).toBe("c");
    expect(read.flag("json")).toBe(true);
  });

  test.each([
    [["--to"], /--to needs a value/],
    [["--to", "--json"], /--to needs a value/],
    [["--json=1"], /--json takes no value/],
    [["--jsno"], /there is no option --jsno; there are --to, --json/],
  ])("%j is misuse", (args, message) => {
    expect(() => readArguments(args, names)).toThrow(message);
  });

  test("arguments that are missing or too many are named", () => {
    expect(() => requirePositionals(readArguments(["1"], {}), "TICKET", "CASE")).toThrow(
      /CASE is missing/,
    );
    expect(() => requirePositionals(readArguments(["1"], {}))).toThrow(
      /"1" is one argument too many/,
    );
  });

  test("whole numbers have a range", () => {
    expect(wholeNumber("--n", "7", 0, 10)).toBe(7);
    for (const text of ["", "-1", "1.5", "11", "x"]) {
      expect(() => wholeNumber("--n", text, 0, 10)).toThrow(/whole number from 0 to 10/);
    }
  });
});

describe("a file that is named", () => {
  test("and is not there is misuse, in plain words", async () => {
    const told = listen();
    expect(await runCommandLine(COMMANDS, ["config", "validate", "gone.json"], told.io)).toBe(2);
    expect(told.err()).toContain("caseqa: gone.json: there is no such file\n");
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
    await runCommandLine([failing], ["status"], told.io);
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
