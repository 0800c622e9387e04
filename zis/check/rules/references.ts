/** Do the full names of actions and flows lead to something in this bundle? */
import {
  BUILT_IN_ACTIONS,
  INTEGRATION_NAME,
  isBuiltInAction,
  parseResourceName,
} from "../../model/names.ts";
import { type Context, text } from "../context.ts";
import { child } from "../json-pointer.ts";
import { nearestPhrase } from "../nearest.ts";
import type { Rule } from "../rule.ts";

const SOURCE = "ZIS developer guide, custom actions";

export const unknownAction: Rule = {
  name: "unknown-action",
  severity: "error",
  what: "ActionName is neither a built-in action nor an action of the bundle.",
  source: SOURCE,
  *find(context) {
    for (const { full, path } of actionNames(context)) {
      if (isBuiltInAction(full)) continue;
      const parsed = parseResourceName(full);
      if (parsed?.kind === "action" && context.actionsByName.has(parsed.name)) continue;
      if (parsed === undefined || parsed.kind !== "action" || parsed.integration === "common") {
        yield {
          path,
          message: `${JSON.stringify(full)} is not an action${nearestPhrase(full, BUILT_IN_ACTIONS)}.`,
          hint: "Write zis:INTEGRATION:action:NAME, or the name of a built-in action.",
        };
      } else {
        const near = nearestPhrase(parsed.name, context.actionsByName.keys());
        yield {
          path,
          message: `The bundle has no action named ${JSON.stringify(parsed.name)}${near}.`,
          hint: "A state can call only actions of its own bundle, by properties.name.",
        };
      }
    }
  },
};

export const unknownFlow: Rule = {
  name: "unknown-flow",
  severity: "error",
  what: "flow_name of a job spec does not name a flow of the bundle.",
  source: SOURCE,
  *find(context) {
    const names = new Set(context.flows.map(({ name }) => name));
    for (const { full, path } of flowNames(context)) {
      const parsed = parseResourceName(full);
      if (parsed?.kind !== "flow") {
        yield {
          path,
          message: `${JSON.stringify(full)} is not the full name of a flow.`,
          hint: "Write zis:INTEGRATION:flow:NAME.",
        };
      } else if (!names.has(parsed.name)) {
        yield {
          path,
          message: `The bundle has no flow named ${JSON.stringify(parsed.name)}${nearestPhrase(parsed.name, names)}.`,
          hint: "Use the properties.name of a flow.",
        };
      }
    }
  },
};

export const integrationName: Rule = {
  name: "integration-name",
  severity: "error",
  origin: "registry",
  what: "A full name has an integration that cannot exist.",
  source: "ZIS registry API, integrations; ZIS developer guide, fixing common errors",
  *find(context) {
    for (const { integration, path } of integrations(context)) {
      if (INTEGRATION_NAME.test(integration)) continue;
      yield {
        path,
        message: `invalid integration key: ${JSON.stringify(integration)} cannot be the name of an integration.`,
        hint: "Use 1 to 64 of a-z, 0-9, - and _.",
      };
    }
  },
};

export const mixedIntegrations: Rule = {
  name: "mixed-integrations",
  severity: "error",
  what: "Full names of one bundle have different integrations.",
  source: SOURCE,
  *find(context) {
    const [first, ...others] = integrations(context);
    for (const { integration, path } of others) {
      if (first === undefined || integration === first.integration) continue;
      yield {
        path,
        message: `The integration is ${JSON.stringify(integration)} here and ${JSON.stringify(first.integration)} elsewhere in the bundle.`,
        hint: "Use the key of the integration that the bundle is uploaded to.",
      };
    }
  },
};

interface FullName {
  readonly full: string;
  readonly path: string;
}

function* actionNames({ states }: Context): Generator<FullName> {
  for (const { state, type, path } of states) {
    const full = type === "Action" ? text(state["ActionName"]) : undefined;
    if (full !== undefined && full !== "") yield { full, path: child(path, "ActionName") };
  }
}

function* flowNames({ resources }: Context): Generator<FullName> {
  for (const { type, path, properties } of resources) {
    const full = type === "ZIS::JobSpec" ? text(properties["flow_name"]) : undefined;
    if (full !== undefined) yield { full, path: child(path, "flow_name") };
  }
}

function* integrations(context: Context) {
  for (const { full, path } of [...flowNames(context), ...actionNames(context)]) {
    const parsed = isBuiltInAction(full) ? undefined : parseResourceName(full);
    if (parsed === undefined || parsed.integration === "common") continue;
    yield { integration: parsed.integration, path };
  }
}
