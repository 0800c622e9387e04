/** How fast the engine and the checker are beside the best peers, measured in one run. */
import type { Command } from "commander";
import { wholeNumber } from "../../zis/terminal/command-line.ts";
import { checkText } from "../../zis/check/check-text.ts";
import { runFlow } from "../../zis/engine/run.ts";
import type { Bundle } from "../../zis/model/bundle.ts";
import type { JsonObject } from "../../zis/model/json.ts";
import { environment, writeReport } from "./environment.ts";
import { bundleOf, MEASURED_FLOWS, seventyStates, toAsl, type MeasuredFlow } from "./flows.ts";
import { interleave, median, type Plan, type Samples } from "./measure.ts";
import { loadPeers, type AslMachine, type Peers } from "./peers.ts";

export interface EngineOptions {
  readonly out: string;
  readonly rounds: number;
}

export function declareEngine(command: Command): Command {
  return command
    .description("the interpreter beside aws-local-stepfunctions, check beside asl-validator")
    .option("--rounds <N>", "samples of each contender", wholeNumber(1, 1_000), 15);
}

/** One line of the table, and of the JSON. */
interface Figure {
  readonly name: string;
  /** What one piece of work is, in words. */
  readonly work: string;
  /** Transitions in one piece of work, where it is a run. */
  readonly transitions?: number;
  /** Ours must take less, in milliseconds. */
  readonly targetMs?: number;
  readonly samples: Samples;
}

/** Measures, prints a table and writes every sample. */
export async function runEngineBench({ out, rounds }: EngineOptions): Promise<number> {
  const peers = await loadPeers();
  const plan: Plan = { rounds, warmUpMs: 500, sampleMs: 30 };
  console.log(
    `Each contender works ${plan.warmUpMs} ms to warm up; then ${rounds} samples of each by turns, ` +
      `each of at least ${plan.sampleMs} ms. Medians, with the least and the most.\n`,
  );
  const figures: Figure[] = [];
  for (const flow of MEASURED_FLOWS) figures.push(await measureRuns(flow, peers, plan));
  for (const validate of [false, true]) figures.push(await measureFirst(peers, validate, plan));
  figures.push(await measureCheck(peers, plan));
  console.log(table(figures));
  await writeReport(out, {
    ...environment(),
    plan,
    peers: peers.versions,
    figures: figures.map((figure) => ({ ...figure, ...summary(figure.samples) })),
  });
  return 0;
}

/** Whole runs on definitions that each contender has prepared before. */
async function measureRuns(flow: MeasuredFlow, peers: Peers, plan: Plan): Promise<Figure> {
  const { name, definition, input, transitions } = flow;
  const bundle = bundleOf(definition);
  const machine = peers.createMachine(toAsl(definition), true);
  await assertSameRun(flow, bundle, machine);
  const prepare = () => structuredClone(input);
  const ours = { prepare, perform: (data: JsonObject) => runOurs(bundle, data) };
  const peer = { prepare, perform: (data: JsonObject) => machine.run(data).result };
  return {
    name: `run: ${name}`,
    work: `one run of ${transitions} transitions`,
    transitions,
    ...(name === "Choice and Pass" && { targetMs: 5 }),
    samples: await interleave(ours, peer, plan),
  };
}

/** A benchmark of two different computations would say nothing. */
async function assertSameRun(
  { name, input, transitions }: MeasuredFlow,
  bundle: Bundle,
  machine: AslMachine,
): Promise<void> {
  const run = await runOurs(bundle, input);
  const theirs = await machine.run(structuredClone(input)).result;
  if (run.transitions !== transitions || JSON.stringify(run.data) !== JSON.stringify(theirs)) {
    throw new Error(`the contenders do not agree on the flow "${name}"`);
  }
}

function runOurs(bundle: Bundle, data: JsonObject, onStep?: () => void) {
  return runFlow({
    bundle,
    flow: "flow",
    data,
    waits: "virtual",
    perform: () => Promise.reject(new Error("the measured flows have no actions")),
    ...(onStep && { onStep }),
  });
}

/** From a definition never seen before to the end of its first state; the rest of the run is not counted. */
async function measureFirst(peers: Peers, validate: boolean, plan: Plan): Promise<Figure> {
  const flow = MEASURED_FLOWS.find(({ name }) => name === "Choice and Pass");
  if (!flow) throw new Error("there is no flow to start");
  const ours = {
    prepare: () => structuredClone(bundleOf(flow.definition)),
    perform: (bundle: Bundle) => untilFirstState(bundle, flow.input),
  };
  const peer = {
    prepare: () => structuredClone(toAsl(flow.definition)),
    perform: async (definition: object) => {
      const machine = peers.createMachine(definition, validate);
      const { eventLogs, abort } = machine.run(flow.input, { noThrowOnAbort: true });
      for await (const { type } of eventLogs) if (type === "StateExited") break;
      abort();
    },
  };
  return {
    name: `first transition${validate ? ", the peer validates as by default" : ""}`,
    work: "from a new definition of 250 states to the end of its first state",
    samples: await interleave(ours, peer, plan),
  };
}

async function untilFirstState(bundle: Bundle, data: JsonObject): Promise<void> {
  const stop = new Error("the first state is done");
  const run = runOurs(bundle, data, () => {
    throw stop;
  });
  await run.catch((error: unknown) => {
    if (error !== stop) throw error;
  });
}

/** The same seventy states, from their text to the verdict. */
async function measureCheck(peers: Peers, plan: Plan): Promise<Figure> {
  const definition = seventyStates();
  const ourText = JSON.stringify(bundleOf(definition));
  const theirText = JSON.stringify(toAsl(definition));
  // What the flow may take at most says nothing about its validity.
  const errors = checkText(ourText).findings.filter(
    ({ severity, rule }) => severity === "error" && rule !== "near-limit",
  );
  if (errors.length > 0 || !peers.validateAsl(JSON.parse(theirText) as object).isValid) {
    throw new Error("the bundle of seventy states must be valid in both languages");
  }
  return {
    name: "check",
    work: "all findings and bounds of a bundle of 70 states",
    targetMs: 20,
    samples: await interleave(
      { prepare: () => ourText, perform: (text) => checkText(text) },
      {
        prepare: () => theirText,
        perform: (text) => peers.validateAsl(JSON.parse(text) as object),
      },
      plan,
    ),
  };
}

function summary({ ours, peer }: Samples) {
  const [oursMs, peerMs] = [median(ours), median(peer)];
  return { oursMs, peerMs, ratio: peerMs / oursMs };
}

const HEAD = ["", "ours, ms", "peer, ms", "times as fast", "ours", "peer", "target"];

/** A line for each figure: medians with the least and most, and transitions a second of runs. */
function table(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cells({ name, transitions, targetMs, samples }: Figure): string[] {
  const { oursMs, peerMs, ratio } = summary(samples);
  const perSecond = (ms: number) =>
    transitions === undefined
      ? ""
      : `${Math.round((transitions / ms) * 1000).toLocaleString("en-US")}/s`;
  const target =
    targetMs === undefined ? "" : `${targetMs} ms ${oursMs < targetMs ? "met" : "MISSED"}`;
  return [
    name,
    spread(samples.ours),
    spread(samples.peer),
    ratio.toFixed(1),
    perSecond(oursMs),
    perSecond(peerMs),
    target,
  ];
}

function spread(samples: readonly number[]): string {
  const [least, most] = [Math.min(...samples), Math.max(...samples)];
  return `${median(samples).toFixed(3)} (${least.toFixed(3)}-${most.toFixed(3)})`;
}
