/** Does an action call only where the bundle or a connection says it may? */
import { parseResourceName } from "../../model/names.ts";
import { type ActionView, type Context, type StateView, text } from "../context.ts";
import { type ActionHost, hostOf } from "../action-host.ts";
import type { Found } from "../finding.ts";
import { child } from "../json-pointer.ts";
import { readsOf } from "../path-uses.ts";
import type { Rule } from "../rule.ts";

/**
 * Calls to the account's own host and those with a connectionName have rules of their own. Also safe is a host
 * written in the bundle when all callers pass a token from $.connections.
 */
export const urlWithoutConnection: Rule = {
  name: "url-without-connection",
  severity: "warning",
  what: "A URL is neither the account's own nor guarded by a connection.",
  source: "ZIS developer guide, connections: a connection is used for its allowed domain only",
  *find(context) {
    const callers = Map.groupBy(callsOf(context), ({ action }) => action);
    for (const action of context.actions) {
      const { definition, path } = action;
      const member = ["url", "url.$"].find((name) => text(definition[name]) !== undefined);
      if (member === undefined || Object.hasOwn(definition, "connectionName")) continue;
      const passesToken = callers.get(action)?.every(({ view }) => readsConnection(view)) ?? false;
      const problem = problemOf(hostOf(definition), passesToken);
      if (problem !== undefined) {
        yield { path: child(path, "definition", member), ...problem };
      }
    }
  },
};

function problemOf(target: ActionHost, passesToken: boolean): Omit<Found, "path"> | undefined {
  if (target.kind === "own" || target.kind === "none") return undefined;
  const { host } = target;
  if (target.kind === "data") {
    return {
      message: `The host that the action calls comes from ${host}: the flow's data decide where it goes.`,
      hint: "Write the host into the URL, and name a connection that is allowed for it in connectionName.",
    };
  }
  if (passesToken) return undefined;
  return {
    message: `The action calls ${host} without a connection.`,
    hint: "Name a connection that is allowed for this host in connectionName; calls to Zendesk itself take path.",
  };
}

function callsOf({ states, actionsByName }: Context): { action: ActionView; view: StateView }[] {
  return states.flatMap((view) => {
    const full = view.type === "Action" ? text(view.state["ActionName"]) : undefined;
    const action = actionsByName.get(parseResourceName(full ?? "")?.name ?? "");
    return action === undefined ? [] : [{ action, view }];
  });
}

function readsConnection(view: StateView): boolean {
  return [...readsOf(view)].some(({ parsed }) => parsed.ok && parsed.segments[0] === "connections");
}
