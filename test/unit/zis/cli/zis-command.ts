/** Runs `zis` in this process, with files in a folder of the run. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import type { RunReport } from "#zis/cli/run-outcome";
import type { States } from "#test/support/run-states";
import { runZisInProcess } from "#test/support/zis-in-process";

let bundles = 0;

const directory = mkdtempSync(join(inject("runFolder"), "zis-commands-"));

/** One invocation: its exit code and what it wrote. */
export async function zis(...args: string[]) {
  const { code, stdout, stderr } = await runZisInProcess(args);
  return { code, out: stdout, err: stderr };
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
