/** `zis graph`: draws a flow, and on it the way of a run. */
import { writeFile } from "node:fs/promises";
import { nearestPhrase } from "../check/nearest.ts";
import { flowGraph, type Graph } from "../graph/graph.ts";
import { toMermaid } from "../graph/mermaid.ts";
import { toSvg } from "../graph/svg.ts";
import { type Taken, takenOf } from "../graph/taken.ts";
import type { FlowDefinition } from "../model/flow.ts";
import { onlyPositional, readArguments, requiredValue } from "./arguments.ts";
import { flowsOf, readBundle, requireFlow } from "./bundle-file.ts";
import { type Command, EXIT } from "./command.ts";
import { readJson } from "./files.ts";
import { takenSteps, traceIn } from "./taken-steps.ts";
import { UsageError } from "../terminal/usage-error.ts";

const FORMATS: readonly string[] = ["mermaid", "svg"];

/** Nobody can read a larger picture, and to lay it out takes minutes. */
const MOST_STATES = 1000;

function requireReadable(graph: Graph): void {
  const states = stateCount(graph);
  if (states <= MOST_STATES) return;
  throw new UsageError(`the flow has ${states} states; a picture may have ${MOST_STATES}`);
}

function stateCount({ nodes }: Graph): number {
  return nodes.reduce(
    (count, { states, nested }) => count + states.length + (nested ? stateCount(nested) : 0),
    0,
  );
}

async function readTaken(file: string, graph: Graph, definition: FlowDefinition): Promise<Taken> {
  const { value, problem } = await readJson(file);
  const trace = traceIn(value);
  if (trace) return takenOf(graph, takenSteps(trace, definition));
  throw problem("", "a trace is what zis run --json prints: {trace: [{state, next}]}");
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}`);
  }
}

export const graphCommand: Command = {
  name: "graph",
  summary: "draw a flow as Mermaid or SVG",
  help: `Usage: zis graph FILE --flow NAME [--format mermaid|svg] [--trace RUN.json] [--out FILE]

Draws a flow. With the output of zis run --json, the way that the run took is
highlighted.

  --flow NAME      the flow, by its short or full name
  --format FORMAT  mermaid (default) or svg
  --trace FILE     what zis run --json printed
  --out FILE       write the picture there instead of to standard output

Exit codes: 0 drawn, 2 wrong usage.
`,
  async run(args, io) {
    const given = readArguments(args, {
      values: ["flow", "format", "trace", "out"],
      flags: [],
    });
    const { value } = given;
    const format = value("format") ?? "mermaid";
    if (!FORMATS.includes(format)) {
      const known = FORMATS.join(" or ");
      throw new UsageError(
        `--format is ${known}, not "${format}"${nearestPhrase(format, FORMATS)}`,
      );
    }
    const bundleFile = await readBundle(onlyPositional(given, "bundle FILE"));
    const names = flowsOf(bundleFile).map(({ properties }) => properties.name);
    const name = requiredValue(given, "flow", `one of ${names.join(", ") || "no flows"}`);
    const { properties } = requireFlow(bundleFile, name);
    const graph = flowGraph(properties.definition);
    requireReadable(graph);
    const trace = value("trace");
    const taken =
      trace === undefined ? {} : { taken: await readTaken(trace, graph, properties.definition) };
    const picture =
      format === "svg"
        ? toSvg(graph, { ...taken, title: properties.name })
        : toMermaid(graph, taken);
    const out = value("out");
    if (out === undefined) io.out(picture);
    else await write(out, picture);
    return EXIT.ok;
  },
};
