/** `zis graph`: draws a flow, and on it the way of a run. */
import { writeFile } from "node:fs/promises";
import { Option } from "commander";
import { flowGraph, type Graph } from "../graph/graph.ts";
import { toMermaid } from "../graph/mermaid.ts";
import { toSvg } from "../graph/svg.ts";
import { type Taken, takenOf } from "../graph/taken.ts";
import type { FlowDefinition } from "../model/flow.ts";
import { flowsOf, readBundle, requireFlow } from "./bundle-file.ts";
import { type Command, EXIT } from "./command.ts";
import { readJson } from "./files.ts";
import { takenSteps, traceIn } from "./taken-steps.ts";
import { UsageError } from "../terminal/usage-error.ts";

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

interface GraphOptions {
  readonly flow?: string;
  readonly format: "mermaid" | "svg";
  readonly trace?: string;
  readonly out?: string;
}

export const graphCommand: Command<GraphOptions> = {
  name: "graph",
  declare: (command) =>
    command
      .summary("draw a flow as Mermaid or SVG")
      .description(
        "Draws a flow. With the output of zis run --json, the way that the run took is highlighted.",
      )
      .argument("<file>", "the bundle")
      .option("--flow <name>", "the flow, by its short or full name")
      .addOption(
        new Option("--format <format>", "what to draw")
          .choices(["mermaid", "svg"])
          .default("mermaid"),
      )
      .option("--trace <file>", "what zis run --json printed")
      .option("--out <file>", "write the picture there instead of to standard output")
      .addHelpText("after", "\nExit codes: 0 drawn, 2 wrong usage."),
  async run(io, [file = ""], { flow, format, trace, out }) {
    const bundleFile = await readBundle(file);
    if (flow === undefined) {
      const names = flowsOf(bundleFile).map(({ properties }) => properties.name);
      throw new UsageError(`--flow is missing: one of ${names.join(", ") || "no flows"}`);
    }
    const { properties } = requireFlow(bundleFile, flow);
    const graph = flowGraph(properties.definition);
    requireReadable(graph);
    const taken =
      trace === undefined ? {} : { taken: await readTaken(trace, graph, properties.definition) };
    const picture =
      format === "svg"
        ? toSvg(graph, { ...taken, title: properties.name })
        : toMermaid(graph, taken);
    if (out === undefined) io.out(picture);
    else await write(out, picture);
    return EXIT.ok;
  },
};
