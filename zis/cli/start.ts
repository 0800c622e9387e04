/** What a run starts with, read from the files and options of `run` and `step`. */
import { type Command, Option } from "commander";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import {
  type BundleFile,
  jobSpecsFor,
  jobSpecsOf,
  readBundle,
  requireFlow,
} from "./bundle-file.ts";
import { type LocalConnections, madeUpConnection, oauthConnection } from "./connections-file.ts";
import { inexactNumbersOf, readJson } from "./files.ts";
import { type Mock, readMocks } from "./mocks.ts";
import { OWN_ZENDESK } from "./own-zendesk.ts";
import { PLAYED_ACCOUNT } from "./played-account.ts";
import { repeatable } from "../terminal/command-line.ts";
import { readSeeds, type SeedOptions, type Seeds } from "./seeds.ts";
import { type Choices, readChoices } from "./set.ts";
import { UsageError } from "../terminal/usage-error.ts";

/** The options that `run` and `step` share. */
export interface StartOptions extends SeedOptions {
  readonly flow?: string;
  readonly eventSource?: string;
  readonly eventType?: string;
  readonly input: string;
  readonly mocks?: string;
  readonly set?: readonly string[];
  readonly live?: true;
  readonly realTime?: true;
  readonly json?: true;
}

/** Declares the bundle and the options that `run` and `step` share. */
export function declareStart(command: Command): Command {
  return command
    .argument("<file>", "the bundle")
    .addOption(
      new Option("--flow <name>", "the flow, by its short or full name").conflicts([
        "eventSource",
        "eventType",
      ]),
    )
    .option(
      "--event-source <source>",
      "instead of --flow: the flow of the job spec for this event ...",
    )
    .option("--event-type <type>", "... and this type")
    .requiredOption(
      "--input <file>",
      "what the flow sees as $.input; or all of its data, when the file has account_id, integration_key, subdomain " +
        "and input",
    )
    .option(
      "--mocks <file>",
      "replies to requests: an array of {method, url, status?, headers?, body?, delayMs?, times?}; * in url stands " +
        "for any characters; the first that matches answers, up to times; delayMs is how long that takes",
    )
    .option("--configs <file>", "configs: {SCOPE: {...}}")
    .option("--links <file>", "links: [{link_type, left_object: {name}, right_object: {name}}]")
    .option(
      "--connections <file>",
      "connections: {NAME: {type, ...}}; type is oauth, bearer_token, basic_auth or api_key; secrets left out are " +
        "made up; zendesk, to the account itself, is there in any case",
    )
    .option(
      "--set <name=value>",
      "choose a behaviour or limit (zis switches), repeatable",
      repeatable,
    )
    .option(
      "--live",
      "send requests without a mock over the network; else they are answered with 599",
    )
    .option("--real-time", "let Waits and delays of mocks take their time");
}

/** Which flow is to run; a job spec may name one that the bundle does not have. */
type Chosen =
  | { readonly flow: string; readonly note?: string }
  | { readonly flow: null; readonly problem: string };

export interface Start {
  readonly bundleFile: BundleFile;
  readonly chosen: Chosen;
  readonly integration: string;
  readonly accountId: number;
  readonly subdomain: string;
  readonly data: JsonObject;
  readonly seeds: Seeds;
  readonly mocks: readonly Mock[];
  readonly choices: Choices;
  readonly live: boolean;
  readonly realTime: boolean;
  /** Of the files: each number that cannot be kept, with its place. */
  readonly inexact: readonly string[];
}

/** Reads all that a run starts with. Throws a UsageError for whatever is wrong. */
export async function readStart(file: string, options: StartOptions): Promise<Start> {
  const choices = readChoices(options.set);
  const bundleFile = await readBundle(file);
  const chosen = choose(options, bundleFile);
  const given = wholeData((await readJson(options.input)).value, bundleFile.integration);
  const seeds = await readSeeds(options);
  const text = (name: string, absent: string): string => {
    const found = given[name];
    return typeof found === "string" ? found : absent;
  };
  return {
    bundleFile,
    chosen,
    integration: text("integration_key", bundleFile.integration),
    accountId: Number(given["account_id"]) || PLAYED_ACCOUNT.id,
    subdomain: text("subdomain", PLAYED_ACCOUNT.subdomain),
    data: given,
    seeds: {
      ...seeds,
      connections: new Map([
        [OWN_ZENDESK, madeUpConnection(OWN_ZENDESK)],
        ...connectionsIn(given["connections"]),
        ...seeds.connections,
      ]),
    },
    mocks: options.mocks === undefined ? [] : await readMocks(options.mocks),
    choices,
    live: options.live ?? false,
    realTime: options.realTime ?? false,
    inexact: await inexactNumbersIn(bundleFile.file, options),
  };
}

/** In the files whose numbers a flow can meet. */
async function inexactNumbersIn(bundle: string, options: StartOptions): Promise<string[]> {
  const { input, mocks = [], configs = [], links = [] } = options;
  return (
    await Promise.all([bundle, input, mocks, configs, links].flat().map(inexactNumbersOf))
  ).flat();
}

function choose({ flow, eventSource, eventType }: StartOptions, bundleFile: BundleFile): Chosen {
  if (flow !== undefined) return { flow: requireFlow(bundleFile, flow).properties.name };
  if (eventSource === undefined || eventType === undefined) {
    throw new UsageError("give --flow, or --event-source together with --event-type");
  }
  return chooseByEvent(bundleFile, eventSource, eventType);
}

function chooseByEvent(bundleFile: BundleFile, source: string, type: string): Chosen {
  const specs = jobSpecsFor(bundleFile, source, type);
  const [first] = specs;
  if (!first) {
    const problem = `Cannot start flow because no job spec is for the event ${source} ${type}; ${knownEvents(bundleFile)}`;
    return { flow: null, problem };
  }
  const name = first.flow_name.replace(/^zis:[^:]+:flow:/, "");
  if (specs.length === 1) return { flow: name };
  const others = specs.slice(1).map((each) => each.name);
  const note = `The event starts ${specs.length} flows; this is that of the job spec ${first.name}, not of ${others.join(", ")}.`;
  return { flow: name, note };
}

function knownEvents(bundleFile: BundleFile): string {
  const specs = jobSpecsOf(bundleFile);
  if (specs.length === 0) return "the bundle has no job specs";
  const events = specs.map((spec) => `${spec.event_source} ${spec.event_type} (${spec.name})`);
  return `there are job specs for ${events.join(", ")}`;
}

const WHOLE = ["account_id", "integration_key", "subdomain", "input"];

/** The flow's data, from the whole object or from its input alone. */
function wholeData(value: Json, integration: string): JsonObject {
  if (isJsonObject(value) && WHOLE.every((name) => Object.hasOwn(value, name))) return value;
  return {
    account_id: PLAYED_ACCOUNT.id,
    integration_key: integration,
    subdomain: PLAYED_ACCOUNT.subdomain,
    input: value,
  };
}

/** The `connections` that data bring along stand for OAuth connections. */
function connectionsIn(value: Json | undefined): LocalConnections {
  if (!isJsonObject(value)) return new Map();
  return new Map(
    Object.entries(value).map(([name, each]) => {
      const token = isJsonObject(each) ? each["access_token"] : undefined;
      const given = typeof token === "string" && token !== "";
      return [name, given ? oauthConnection(name, token) : madeUpConnection(name)];
    }),
  );
}
