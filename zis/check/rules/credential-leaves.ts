/** Does a credential go anywhere but to the host that it is for? */
import { JQ_ACTION } from "../../model/names.ts";
import { isPrefix, type PathSegment } from "../../model/paths.ts";
import { calledAction } from "../action-data.ts";
import { hostOf, siteOf } from "../action-host.ts";
import type { Analysis } from "../analysis.ts";
import { type ActionView, type Context, type StateView, text } from "../context.ts";
import { look } from "../data-shape.ts";
import type { Found } from "../finding.ts";
import { child, keysOf } from "../json-pointer.ts";
import { type PathUse, readsOf, readsOfAction } from "../path-uses.ts";
import type { Rule } from "../rule.ts";
import { overlap, type Secret } from "../secrets.ts";
import { ZENDESK_CONNECTION } from "./connection-host.ts";

const SOURCE = "ZIS developer guide, connections";

/** A credential that a state passes on; without a name it is that of any connection. */
interface Passed {
  readonly use: PathUse;
  readonly connection: string | undefined;
  /** False for what jq has made of a credential. */
  readonly isSure: boolean;
  /** All tokens there are: `$` or `$.connections`. */
  readonly isAll: boolean;
}

export const credentialLeaves: Rule = {
  name: "credential-leaves",
  severity: "warning",
  what: "A connection's token, or all data with the tokens in them, goes to a host that is not the connection's.",
  source: SOURCE,
  *find(context, analysis) {
    const homes = homesOf(context);
    for (const { view, passed } of passedOn(analysis)) {
      const action = calledAction(view, context);
      if (action === undefined) continue;
      const found = leaving(view, passed, action, homes);
      if (found !== undefined) yield { path: passed.use.at, ...found };
    }
  },
};

const STORES = /^zis:common:action:(?:PatchConfig|CreateLink|PatchLink)$/;

export const credentialStored: Rule = {
  name: "credential-stored",
  severity: "warning",
  what: "A connection's token, or all data with the tokens in them, is stored in a config or a link.",
  source: SOURCE,
  *find(_context, analysis) {
    for (const { view, passed } of passedOn(analysis)) {
      const name = text(view.state["ActionName"]) ?? "";
      if (!STORES.test(name)) continue;
      yield {
        path: passed.use.at,
        message: `${whatIs(passed)} is stored by ${name.slice(name.lastIndexOf(":") + 1)}, where whoever reads configs and links finds it.`,
        hint: "Store only what the flow needs later; connections keep their tokens themselves.",
      };
    }
  },
};

/** What states hand to actions that holds credentials. */
function* passedOn(analysis: Analysis): Generator<{ view: StateView; passed: Passed }> {
  for (const { scope, secrets } of analysis.secrets) {
    const analysed = secrets.length > 0 ? analysis.scope(scope) : undefined;
    for (const view of scope.states.values()) {
      const name = view.type === "Action" ? text(view.state["ActionName"]) : undefined;
      if (name === undefined || name === JQ_ACTION) continue;
      const data = analysed?.dataAt(view);
      if (data === undefined) continue;
      for (const use of readsOf(view)) {
        if (!use.parsed.ok) continue;
        const passed = passedBy(use, use.parsed.segments, secrets);
        if (passed === undefined) continue;
        // The whole data hold the tokens only until something replaces them.
        const { presence } = look(data, ["connections"]);
        if (passed.isAll && presence !== "sure" && presence !== "maybe") continue;
        yield { view, passed };
      }
    }
  }
}

const TOKEN = /token|secret|password|credential|authorization|^connections$/i;

function passedBy(
  use: PathUse,
  read: readonly PathSegment[],
  secrets: readonly Secret[],
): Passed | undefined {
  const touched = secrets.filter(({ segments }) => overlap(segments, read));
  if (touched.some(({ derived }) => !derived)) {
    const name = read[1];
    const connection = typeof name === "string" ? name : undefined;
    return { use, connection, isSure: true, isAll: connection === undefined };
  }
  // Of a result made from a token, only the whole and members named like a token count as the token.
  const isLikely = touched.some(({ segments }) => isPrefix(read, segments));
  if (!isLikely && (touched.length === 0 || !TOKEN.test(String(read.at(-1))))) return undefined;
  return { use, connection: undefined, isSure: false, isAll: false };
}

/** The sites to which each connection's credential is sent as such. */
function homesOf(context: Context): ReadonlyMap<string, ReadonlySet<string>> {
  const homes = new Map<string, Set<string>>();
  const add = (name: string, action: ActionView): void => {
    const sites = homes.get(name) ?? new Set();
    sites.add(siteOfAction(action));
    homes.set(name, sites);
  };
  for (const action of context.actions) {
    const name = text(action.definition["connectionName"]);
    if (name !== undefined) add(name, action);
  }
  for (const view of context.states) {
    const action = calledAction(view, context);
    if (action === undefined || Object.hasOwn(action.definition, "connectionName")) continue;
    for (const use of readsOf(view)) {
      const [root, name] = use.parsed.ok ? use.parsed.segments : [];
      const isToken = root === "connections" && typeof name === "string";
      if (isToken && placesOf(view, use, action).every(isCredential)) add(name, action);
    }
  }
  return homes;
}

function siteOfAction({ definition }: ActionView): string {
  const target = hostOf(definition);
  return target.kind === "host" || target.kind === "data" ? siteOf(target.host) : target.kind;
}

/** A place of an action's definition: the member, and of a header its name. */
interface Place {
  readonly member: string;
  readonly header: string | undefined;
}

function isCredential({ member, header }: Place): boolean {
  return header !== undefined || member === "query" || member === "queryParams";
}

/** The places of the definition in which a value of the Parameters ends up. */
function placesOf(view: StateView, { at }: PathUse, action: ActionView): Place[] {
  const depth = keysOf(child(view.path, "Parameters")).length;
  const passed = keysOf(at)
    .slice(depth)
    .map((key) => key.replace(/\.\$$/, ""));
  const definition = keysOf(child(action.path, "definition")).length;
  return [...readsOfAction(action)].flatMap((use) => {
    const read = use.parsed.ok ? use.parsed.segments.map(String) : undefined;
    if (read === undefined || !overlap(read, passed)) return [];
    const [member = "", index] = keysOf(use.at).slice(definition);
    const headers = action.definition["headers"];
    const header =
      member === "headers" && Array.isArray(headers) ? headers[Number(index)] : undefined;
    const key =
      typeof header === "object" && header !== null && "key" in header ? header["key"] : undefined;
    return [{ member, header: typeof key === "string" ? key : undefined }];
  });
}

function leaving(
  view: StateView,
  passed: Passed,
  action: ActionView,
  homes: ReadonlyMap<string, ReadonlySet<string>>,
): Pick<Found, "message" | "hint"> | undefined {
  const places = placesOf(view, passed.use, action);
  const place = places.find((each) => isWrong(each, passed, action, homes));
  if (place === undefined) return undefined;
  const target = hostOf(action.definition);
  const to = target.kind === "host" || target.kind === "data" ? target.host : "Zendesk";
  const where =
    place.header === undefined
      ? (IN[place.member] ?? "in the URL")
      : `in the header ${place.header}`;
  return {
    message: `${whatIs(passed)} is sent to ${to}, ${where} of action ${JSON.stringify(action.name)}.`,
    hint: "Pass only what the receiver needs, and let connectionName add the credential that is for its host.",
  };
}

const IN: Readonly<Record<string, string>> = {
  requestBody: "in the body",
  "requestBody.$": "in the body",
  query: "in the query",
  queryParams: "in the query",
};

function isWrong(
  place: Place,
  { connection, isAll, isSure }: Passed,
  action: ActionView,
  homes: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const target = hostOf(action.definition);
  const own = text(action.definition["connectionName"]);
  if (isAll) return true;
  if (connection === ZENDESK_CONNECTION) {
    // A host that the data decide is reported by url-without-connection.
    return target.kind !== "own" && !(target.kind === "data" && isCredential(place));
  }
  if (!isSure) return !isCredential(place) && target.kind !== "own";
  if (isCredential(place)) return own !== undefined && own !== connection;
  return !(homes.get(connection ?? "")?.has(siteOfAction(action)) ?? false);
}

function whatIs({ use, connection, isAll, isSure }: Passed): string {
  if (isAll) return `${use.text}, which holds the token of every OAuth connection,`;
  if (!isSure) return `${use.text}, which may hold a connection's token,`;
  return `The token of the connection ${JSON.stringify(connection)}`;
}
