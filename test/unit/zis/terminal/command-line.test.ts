import { execFileSync } from "node:child_process";
import { Option } from "commander";
import { describe, expect, it } from "vitest";
import {
  type CommandSpec,
  type ProgramSpec,
  repeatable,
  runCommandLine,
  type Terminal,
} from "#zis/terminal/command-line";
import { UsageError } from "#zis/terminal/usage-error";

interface Seen extends Terminal {
  readonly seen: unknown[];
}

const draw: CommandSpec<Seen> = {
  name: "draw",
  declare: (command) =>
    command
      .summary("draw a flow's picture")
      .argument("<file>", "the bundle")
      .option("--flow <name>", "the flow")
      .option("--set <name=value>", "a choice", repeatable)
      .addOption(new Option("--format <format>").choices(["svg", "mermaid"]))
      .option("--json", "one object"),
  async run({ seen }, args, options) {
    seen.push({ args, ...options });
    return 1;
  },
};

const get: CommandSpec<Seen> = {
  name: "config get",
  declare: (command) => command.summary("print the settings").allowExcessArguments(),
  async run(_io, [extra]) {
    if (extra === "broken") throw new Error("broken");
    if (extra !== undefined) throw new UsageError(`get takes no "${extra}"`);
    return 0;
  },
};

const PROGRAM: ProgramSpec<Seen> = {
  name: "tool",
  description: "A tool.",
  version: "1.2.3",
  commands: [draw, get, { ...get, name: "config set" }],
};

async function tool(...args: string[]) {
  let out = "";
  let err = "";
  const seen: unknown[] = [];
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    columns: 100,
    seen,
  };
  const code = await runCommandLine(PROGRAM, args, io);
  return { code, out, err, seen };
}

describe("runCommandLine", () => {
  it("reads values, repeated values, flags and arguments in any order, and ends as the command does", async () => {
    const args = ["--set", "a=1", "--json", "--flow=main", "--set", "b=2", "--", "--odd"];
    expect(await tool("draw", ...args)).toEqual({
      code: 1,
      out: "",
      err: "",
      seen: [{ args: ["--odd"], set: ["a=1", "b=2"], flow: "main", json: true }],
    });
  });

  it("leaves out what was not given", async () => {
    expect((await tool("draw", "x")).seen).toEqual([{ args: ["x"] }]);
  });

  it("takes a value that begins with a dash after an equals sign", async () => {
    expect((await tool("draw", "x", "--flow=-x")).seen).toEqual([{ args: ["x"], flow: "-x" }]);
  });

  it.each([
    [["draw", "x", "--flw", "y"], "unknown option '--flw' (Did you mean --flow?)"],
    [["draw", "x", "--zzzzzz"], "unknown option '--zzzzzz'"],
    [["draw", "x", "-q"], "unknown option '-q'"],
    [["draw", "x", "--flow"], "option '--flow <name>' argument missing"],
    [["draw", "x", "--flow", "--json"], "It needs a value before the next option."],
    [["draw", "x", "--set", "--json"], "It needs a value before the next option."],
    [["draw", "x", "--format", "png"], "Allowed choices are svg, mermaid."],
    [["draw"], "missing required argument 'file'"],
    [["draw", "a", "b"], "Expected 1 argument but got 2: a, b."],
  ])("refuses %j", async (args, message) => {
    const { code, out, err, seen } = await tool(...args);
    expect([code, out, seen]).toEqual([2, "", []]);
    expect(err).toContain(`tool: `);
    expect(err).toContain(message);
    expect(err).toMatch(/\ntool draw --help shows how it is used\.\n$/);
  });

  it("says wrong usage that only the command sees in the same way, and rejects with the rest", async () => {
    expect(await tool("config", "get", "\u001b[2J")).toMatchObject({
      code: 2,
      err: 'tool: get takes no "\\u001b[2J"\ntool config get --help shows how it is used.\n',
    });
    await expect(tool("config", "get", "broken")).rejects.toThrow("broken");
  });

  it.each([
    [[], 2, "", "Usage: tool"],
    [["--help"], 0, "Usage: tool", ""],
    [["help", "draw"], 0, "Usage: tool draw [options] <file>", ""],
    [["draw", "--flow", "x", "-h"], 0, "--set <name=value>", ""],
    [["config"], 2, "", "print the settings"],
    [["help", "gone"], 2, "", "draw a flow's picture"],
    [["drw"], 2, "", "tool: unknown command 'drw' (Did you mean draw?)\ntool --help lists"],
    [["--version"], 0, "1.2.3\n", ""],
  ])("answers %j with %i", async (args, code, out, err) => {
    const answer = await tool(...args);
    expect(answer.code).toBe(code);
    expect(answer.out === "").toBe(out === "");
    expect(answer.out).toContain(out);
    expect(answer.err).toContain(err);
  });
});

describe("completion", () => {
  it.each([
    [["dr"], "draw"],
    [["draw", "--f"], "--flow --format"],
    [["draw", "x.json", "--js"], "--json"],
    [["config", ""], "get set --help"],
    [["config", "get", "--"], "--help"],
    [["draw", "bundle"], ""],
  ])("completes %j in bash", async (words, expected) => {
    const { out } = await tool("completion", "bash");
    const typed = ["tool", ...words].map((word) => `'${word}'`).join(" ");
    const script = `${out}COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _tool; echo "\${COMPREPLY[*]}"`;
    expect(execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim()).toBe(expected);
  });

  it("lets zsh load the same, and gives fish every command and option", async () => {
    const { out } = await tool("completion", "zsh");
    expect(out).toBe(
      `autoload -U +X bashcompinit && bashcompinit\n${(await tool("completion", "bash")).out}`,
    );
    const lines = (await tool("completion", "fish")).out.split("\n");
    expect(lines).toContain(
      "complete -c tool -n '__fish_use_subcommand' -a draw -d 'draw a flow\\'s picture'",
    );
    expect(lines).toContain(
      "complete -c tool -n '__fish_seen_subcommand_from draw' -l flow -r -d 'the flow'",
    );
    expect(lines).toContain(
      "complete -c tool -n '__fish_seen_subcommand_from config' -a get -d 'print the settings'",
    );
  });

  it("knows its shells", async () => {
    expect((await tool("completion", "csh")).err).toContain("Allowed choices are bash, zsh, fish.");
  });
});
