/** Runs `zis` in this process, with files in a folder that is removed afterwards. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll } from "vitest";
import { checkCommand } from "../../../../zis/cli/check.ts";
import { runCommandLine } from "../../../../zis/cli/commands.ts";
import { graphCommand } from "../../../../zis/cli/graph.ts";
import { runCommand } from "../../../../zis/cli/run.ts";
import type { RunReport } from "../../../../zis/cli/run-flow.ts";
import { stepCommand } from "../../../../zis/cli/step.ts";
import { switchesCommand } from "../../../../zis/cli/switches.ts";
import type { States } from "../../../support/run-states.ts";

const COMMANDS = [checkCommand, runCommand, stepCommand, graphCommand, switchesCommand];

let bundles = 0;

const directory = mkdtempSync(join(tmpdir(), "zis-commands-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** One invocation: its exit code and what it wrote. */
export async function zis(...args: string[]) {
  const written = { out: "", err: "" };
  const code = await runCommandLine(COMMANDS, args, {
    stdin: Readable.from([]),
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    colour: false,
    columns: 100,
  });
  return { code, ...written };
}

/** The path of a file with this value as JSON. */
export function file(name: string, content: unknown): string {
  return textFile(name, JSON.stringify(content));
}

/** The path of a file with this text. */
export function textFile(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** A bundle of the flow `f`, which starts at the first state, and of custom actions by name. */
export function bundleFile(states: States, actions: Record<string, unknown> = {}): string {
  const definition = { StartAt: Object.keys(states)[0], States: states };
  const custom = Object.entries(actions).map(([name, action]) => [
    name,
    { type: "ZIS::Action::Http", properties: { name, definition: action } },
  ]);
  return file(`bundle${bundles++}.json`, {
    name: "b",
    zis_template_version: "2019-10-14",
    resources: {
      f: { type: "ZIS::Flow", properties: { name: "f", definition } },
      ...Object.fromEntries(custom),
    },
  });
}

/** What `run --json` reports of the flow `f` on an input given as text. */
export async function runReport(
  bundle: string,
  input: string,
  ...options: string[]
): Promise<RunReport> {
  const given = ["--flow", "f", "--input", textFile("input.json", input)];
  const { out, err } = await zis("run", bundle, ...given, ...options, "--json");
  if (out === "") throw new Error(err);
  return JSON.parse(out) as RunReport;
}
