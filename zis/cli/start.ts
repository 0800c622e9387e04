/** What a run starts with, read from the files and options of `run` and `step`. */
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { type Arguments, onlyPositional, requiredValue } from "./arguments.ts";
import {
  type BundleFile,
  flowsOf,
  jobSpecsFor,
  jobSpecsOf,
  readBundle,
  requireFlow,
} from "./bundle-file.ts";
import {
  type LocalConnections,
  madeUpConnection,
  oauthConnection,
  readConnections,
} from "./connections-file.ts";
import { OWN_ZENDESK } from "./install-bundle.ts";
import { inexactNumbersOf, readJson } from "./files.ts";
import { type Mock, readMocks } from "./mocks.ts";
import { type Choices, readChoices } from "./set.ts";
import { UsageError } from "../terminal/usage-error.ts";

/** The options that `run` and `step` share. */
export const START_OPTIONS = {
  values: [
    "flow",
    "event-source",
    "event-type",
    "input",
    "mocks",
    "configs",
    "links",
    "connections",
    "set",
  ],
  flags: ["live", "real-time", "json"],
};

export const START_HELP = `  --flow NAME            the flow, by its short or full name
  --event-source S       instead of --flow: the flow of the job spec for this event
  --event-type T
  --input FILE           what the flow sees as $.input; or all of its data, when the
                         file has account_id, integration_key, subdomain and input
  --mocks FILE           replies to requests: an array of {method, url, status?,
                         headers?, body?, delayMs?, times?}; * in url stands for any
                         characters; the first that matches answers, up to times;
                         delayMs is how long that takes
  --configs FILE         configs: {SCOPE: {...}}
  --links FILE           links: [{link_type, left_object: {name}, right_object: {name}}]
  --connections FILE     connections: {NAME: {type, ...}}; type is oauth, bearer_token,
                         basic_auth or api_key; secrets left out are made up;
                         zendesk, to the account itself, is there in any case
  --set NAME=VALUE       choose a behaviour or limit (zis switches), repeatable
  --live                 send requests without a mock over the network;
                         else they are answered with 599
  --real-time            let Waits and delays of mocks take their time
`;

/** Which flow is to run; a job spec may name one that the bundle does not have. */
type Chosen =
  | { readonly flow: string; readonly note?: string }
  | { readonly flow: string | null; readonly notStarted: string };

export interface Start {
  readonly bundleFile: BundleFile;
  readonly chosen: Chosen;
  readonly integration: string;
  readonly accountId: number;
  readonly subdomain: string;
  readonly data: JsonObject;
  readonly connections: LocalConnections;
  readonly mocks: readonly Mock[];
  readonly choices: Choices;
  readonly configsFile: string | undefined;
  readonly linksFile: string | undefined;
  readonly live: boolean;
  readonly realTime: boolean;
  /** Of the files: each number that cannot be kept, with its place. */
  readonly inexact: readonly string[];
}

/** The account of a run whose input does not name one. */
const ACCOUNT_ID = 1;
const SUBDOMAIN = "acme";

/** Reads all that a run starts with. Throws a UsageError for whatever is wrong. */
export async function readStart(args: Arguments): Promise<Start> {
  const choices = readChoices(args.all("set"));
  const bundleFile = await readBundle(onlyPositional(args, "bundle FILE"));
  const chosen = choose(args, bundleFile);
  const inputFile = requiredValue(
    args,
    "input",
    "a file with the JSON that the flow gets, e.g. {}",
  );
  const given = wholeData((await readJson(inputFile)).value, bundleFile.integration);
  const mocks = await readIf(args.value("mocks"), readMocks, []);
  const connections = await readIf(args.value("connections"), readConnections, new Map());
  const text = (name: string, absent: string): string => {
    const found = given[name];
    return typeof found === "string" ? found : absent;
  };
  return {
    bundleFile,
    chosen,
    integration: text("integration_key", bundleFile.integration),
    accountId: Number(given["account_id"]) || ACCOUNT_ID,
    subdomain: text("subdomain", SUBDOMAIN),
    data: given,
    connections: new Map([
      [OWN_ZENDESK, madeUpConnection(OWN_ZENDESK)],
      ...connectionsIn(given["connections"]),
      ...connections,
    ]),
    mocks,
    choices,
    configsFile: args.value("configs"),
    linksFile: args.value("links"),
    live: args.flag("live"),
    realTime: args.flag("real-time"),
    inexact: await inexactNumbersIn(bundleFile.file, inputFile, args),
  };
}

/** In the files whose numbers a flow can meet. */
async function inexactNumbersIn(bundle: string, input: string, args: Arguments): Promise<string[]> {
  const others = ["mocks", "configs", "links"].flatMap((name) => args.value(name) ?? []);
  return (await Promise.all([bundle, input, ...others].map(inexactNumbersOf))).flat();
}

async function readIf<T>(
  file: string | undefined,
  read: (file: string) => Promise<T>,
  absent: T,
): Promise<T> {
  return file === undefined ? absent : read(file);
}

function choose(args: Arguments, bundleFile: BundleFile): Chosen {
  const [flow, source, type] = ["flow", "event-source", "event-type"].map((n) => args.value(n));
  if (flow !== undefined) {
    if (source === undefined && type === undefined) {
      return { flow: requireFlow(bundleFile, flow).properties.name };
    }
    throw new UsageError("give either --flow, or --event-source and --event-type");
  }
  if (source === undefined || type === undefined) {
    throw new UsageError("give --flow, or --event-source together with --event-type");
  }
  return chooseByEvent(bundleFile, source, type);
}

function chooseByEvent(bundleFile: BundleFile, source: string, type: string): Chosen {
  const specs = jobSpecsFor(bundleFile, source, type);
  const [first] = specs;
  if (!first) {
    const notStarted = `Cannot start flow because no job spec is for the event ${source} ${type}; ${knownEvents(bundleFile)}`;
    return { flow: null, notStarted };
  }
  const name = first.flow_name.replace(/^zis:[^:]+:flow:/, "");
  const known = flowsOf(bundleFile).some(({ properties }) => properties.name === name);
  if (!known) {
    const notStarted = `Cannot start flow because ${first.flow_name} does not exist`;
    return { flow: name, notStarted };
  }
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
    account_id: ACCOUNT_ID,
    integration_key: integration,
    subdomain: SUBDOMAIN,
    input: value,
  };
}

/** The `connections` that data bring along stand for OAuth connections. */
function connectionsIn(value: Json | undefined): LocalConnections {
  if (!isJsonObject(value)) return new Map();
  return new Map(
    Object.entries(value).map(([name, each]) => {
      const token = isJsonObject(each) ? each["access_token"] : undefined;
      return [name, oauthConnection(name, typeof token === "string" ? token : "")];
    }),
  );
}
