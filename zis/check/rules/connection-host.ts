/** Is each connection used for its own host only? */
import { hostOf, siteOf } from "../action-host.ts";
import { calledAction } from "../action-data.ts";
import { type ActionView, type Context, type StateView, text } from "../context.ts";
import { sourcesOf, writersOf } from "../data-origin.ts";
import type { Found } from "../finding.ts";
import { child } from "../json-pointer.ts";
import { readsOfAction } from "../path-uses.ts";
import type { Rule } from "../rule.ts";

/** Reserved for OAuth connections to the account's own Zendesk. Source: ZIS developer guide, connections. */
export const ZENDESK_CONNECTION = "zendesk";

export const connectionHost: Rule = {
  name: "connection-host",
  severity: "warning",
  what: "A connection is used for a host that is not its own, or that the flow's data choose.",
  source: "ZIS developer guide, connections: OAuth connections have no allowed domain",
  *find(context) {
    const sites = new Map<string, string>();
    for (const action of context.actions) {
      const problem = problemOf(action, context, sites);
      const at = child(action.path, "definition");
      if (problem !== undefined) yield { path: child(at, "connectionName"), ...problem };
    }
  },
};

type Problem = Pick<Found, "message" | "hint">;

function problemOf(
  action: ActionView,
  context: Context,
  sites: Map<string, string>,
): Problem | undefined {
  const name = text(action.definition["connectionName"]);
  const target = hostOf(action.definition);
  if (name === undefined || target.kind === "own" || target.kind === "none") return undefined;
  const { host } = target;
  if (name === ZENDESK_CONNECTION) {
    return {
      message: `The connection "${ZENDESK_CONNECTION}" is for the account's own Zendesk, and this action calls ${host}: its token would go there.`,
      hint: "Name a connection of its own for this host; calls to Zendesk take path.",
    };
  }
  if (target.kind === "data") return isConfigured(action, context) ? undefined : chosen(name, host);
  const site = siteOf(host);
  const known = sites.get(name);
  if (known === undefined) sites.set(name, site);
  if (known === undefined || known === site) return undefined;
  return {
    message: `The connection ${JSON.stringify(name)} is used for ${site} and for ${known}: an allowed domain covers only one, and without one the credential goes to both.`,
    hint: "Give each host a connection of its own.",
  };
}

function chosen(name: string, host: string): Problem {
  return {
    message: `The flow's data decide where the credential of ${JSON.stringify(name)} goes: the host is ${host}. An OAuth connection has no allowed domain.`,
    hint: "Write the host into the URL, take it from LoadConfig, or use a connection with an allowed domain.",
  };
}

/** True when all callers take the host from the integration's own settings or state it. */
function isConfigured(action: ActionView, context: Context): boolean {
  const at = child(action.path, "definition");
  const uses = [...readsOfAction(action)].filter(
    ({ at: place }) => place === child(at, "url") || place === child(at, "url.$"),
  );
  const [host] = uses;
  const callers = context.states.filter((view) => calledAction(view, context) === action);
  if (host === undefined || !host.parsed.ok || callers.length === 0) return false;
  const { segments } = host.parsed;
  return callers.every((view) =>
    sourcesOf(view, segments).every((source) => {
      const writers = writersOf(view.scope, source);
      return writers.length > 0 && writers.every((writer) => isOwn(writer.view));
    }),
  );
}

function isOwn({ type, state }: StateView): boolean {
  return type === "Pass" || state["ActionName"] === "zis:common:action:LoadConfig";
}
