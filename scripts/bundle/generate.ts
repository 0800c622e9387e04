/** Everything that npm run bundle writes, from the flows' sources. */
import { readFile } from "node:fs/promises";
import { BUDGETS_SECONDS } from "#bundle/budgets";
import { buildBundle, GENERATED_OPTIONS } from "#bundle/index";
import { renderBundle } from "#bundle/render";
import { checkTextAndJq } from "#zis/check/check-jq";
import type { Finding } from "#zis/check/finding";
import { createExplainJq } from "#zis/engine/jq-compile";
import { collapse } from "#zis/graph/collapse";
import { foldSteps } from "#zis/graph/fold";
import { flowGraph, type Graph } from "#zis/graph/graph";
import { toSvg } from "#zis/graph/svg";
import type { Bundle, FlowResource, JobSpec } from "#zis/model/bundle";
import { parseResourceName } from "#zis/model/names";
import type { GeneratedFile, GeneratedFolder } from "./files.ts";
import { type DocumentedFlow, guide } from "./guide.ts";
import { type FlowLimits, limitsJson, limitsMarkdown, limitsOf } from "./limits.ts";
import { observe, type Observed } from "./observe.ts";
import { SCENARIOS } from "./scenarios.ts";

const FLOW_DOCS = "docs/flows";
/** The observed maxima: generated too, but read again by runs that do not observe. */
export const OBSERVED_PATH = `${FLOW_DOCS}/observed.json`;

export interface Generated {
  readonly findings: readonly Finding[];
  /** Absent when a finding is an error: the rest is then not worth reading. */
  readonly output?: {
    readonly limits: readonly FlowLimits[];
    readonly files: readonly GeneratedFile[];
    readonly docs: GeneratedFolder;
  };
}

/**
 * Builds and checks the bundle and writes about it.
 *
 * @param root the repository
 * @param known the observed maxima; absent: the flows are run
 * @throws Error when a flow has no purpose in its file, or no scenario
 */
export async function generate(
  root: URL,
  known?: Readonly<Record<string, Observed>>,
): Promise<Generated> {
  const bundle = buildBundle(GENERATED_OPTIONS);
  const text = renderBundle(bundle);
  const { findings, bounds } = await checkTextAndJq(
    text,
    { budgets: BUDGETS_SECONDS },
    createExplainJq(),
  );
  // A warning of ours is a mistake: a path that nothing writes, a flow near a limit.
  if (findings.some(({ severity }) => severity !== "info")) return { findings };
  const observed =
    known ?? (await observe({ bundle, budgets: BUDGETS_SECONDS, scenarios: SCENARIOS }));
  const limits = limitsOf(bounds, observed);
  const flows = await documentedFlows(root, bundle, limits);
  const files = [
    { path: "bundle/generated/bundle.json", text },
    { path: "bundle/generated/bundle.budgets.json", text: json(BUDGETS_SECONDS) },
  ];
  const docs = [
    { path: `${FLOW_DOCS}/README.md`, text: guide(flows) },
    { path: `${FLOW_DOCS}/limits.md`, text: limitsMarkdown(limits, BUDGETS_SECONDS) },
    { path: `${FLOW_DOCS}/limits.json`, text: limitsJson(limits, BUDGETS_SECONDS) },
    { path: OBSERVED_PATH, text: json(observed) },
    ...flows.flatMap(({ name, steps, states }) => [
      { path: `${FLOW_DOCS}/${name}.svg`, text: toSvg(steps, { title: `The steps of ${name}` }) },
      {
        path: `${FLOW_DOCS}/${name}.states.svg`,
        text: toSvg(states, { title: `The states of ${name}` }),
      },
    ]),
  ];
  return { findings, output: { limits, files, docs: { path: FLOW_DOCS, files: docs } } };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function documentedFlows(
  root: URL,
  { resources }: Bundle,
  limits: readonly FlowLimits[],
): Promise<(DocumentedFlow & { readonly states: Graph })[]> {
  const all = Object.values(resources);
  const flows = all.filter((resource): resource is FlowResource => resource.type === "ZIS::Flow");
  const specs = all.flatMap((resource): JobSpec[] =>
    resource.type === "ZIS::JobSpec" ? [resource.properties] : [],
  );
  return Promise.all(
    flows.map(async ({ properties: { name, definition } }) => {
      const own = limits.find(({ flow }) => flow === name);
      if (!own) throw new Error(`The flow ${name} has no bounds.`);
      const starts = specs.filter(({ flow_name }) => parseResourceName(flow_name)?.name === name);
      const states = collapse(flowGraph(definition));
      const purpose = await purposeOf(root, name);
      return { name, definition, states, steps: foldSteps(states), starts, limits: own, purpose };
    }),
  );
}

/** The first line of a flow's file says what it is for: `/** name: purpose. *\/`. */
async function purposeOf(root: URL, flow: string): Promise<string> {
  const path = `bundle/flows/${flow.replaceAll("_", "-")}.ts`;
  const [firstLine = ""] = (await readFile(new URL(path, root), "utf8")).split("\n");
  const [, name, purpose] = /^\/\*\* (\w+): (.+) \*\/$/.exec(firstLine) ?? [];
  if (name !== flow || purpose === undefined) {
    throw new Error(`${path} must begin with a line "/** ${flow}: what it is for. */".`);
  }
  return purpose;
}
