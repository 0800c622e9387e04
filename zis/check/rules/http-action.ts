/** Can a custom action be called as it is written? */
import { isJsonObject, type Json } from "../../model/json.ts";
import { CONNECTION_NAME } from "../../model/names.ts";
import { type ActionView, objectsAt, text } from "../context.ts";
import type { Found } from "../finding.ts";
import { child } from "../json-pointer.ts";
import type { Rule } from "../rule.ts";

const SOURCE = "ZIS developer guide, custom actions";
const TARGETS = ["url", "url.$", "path", "path.$"];

export const actionTarget: Rule = {
  name: "action-target",
  severity: "error",
  what: "An action does not have exactly one of url and path, or has the wrong one.",
  source: SOURCE,
  *find({ actions }) {
    for (const { path, definition } of actions) {
      const at = child(path, "definition");
      const given = TARGETS.filter((member) => Object.hasOwn(definition, member));
      if (given.length !== 1) {
        yield {
          path: at,
          message:
            given.length === 0
              ? "The action has neither url nor path."
              : `The action has ${given.join(" and ")}; only one is allowed.`,
          hint: "Give path for calls to Zendesk itself, url for all others.",
        };
      }
      const url = text(definition["url"]);
      if (url !== undefined && !/^(https?:\/\/|\{\{)/.test(url)) {
        yield {
          path: child(at, "url"),
          message: `${JSON.stringify(url.slice(0, 60))} is not an absolute URL.`,
          hint: "Begin it with https://, or name it path when it is one of Zendesk's.",
        };
      }
      const own = text(definition["path"]);
      if (own !== undefined && /^[a-z]+:\/\//i.test(own)) {
        yield {
          path: child(at, "path"),
          message: "path holds a full URL.",
          hint: "Name it url, or remove scheme and host.",
        };
      }
      if (Object.hasOwn(definition, "requestBody") && Object.hasOwn(definition, "requestBody.$")) {
        yield {
          path: child(at, "requestBody.$"),
          atKey: true,
          message: "The action has both requestBody and requestBody.$.",
          hint: "Keep one.",
        };
      }
    }
  },
};

export const headerShape: Rule = {
  name: "header-shape",
  severity: "error",
  what: "Headers or query parameters are not an array of key and value.",
  source: SOURCE,
  *find({ actions }) {
    for (const { path, definition } of actions) {
      for (const member of ["headers", "query", "queryParams"]) {
        const pairs = definition[member];
        if (pairs !== undefined)
          yield* checkPairs(pairs, member, child(path, "definition", member));
      }
    }
  },
};

function* checkPairs(pairs: Json, member: string, path: string): Generator<Found> {
  if (!Array.isArray(pairs)) {
    const what = isJsonObject(pairs) ? "an object" : `a ${pairs === null ? "null" : typeof pairs}`;
    yield {
      path,
      message: `${member} is ${what}; it must be an array.`,
      hint: 'Write [{"key": "Accept", "value": "application/json"}].',
    };
    return;
  }
  for (const [index, pair] of pairs.entries()) {
    const problem = pairProblem(pair);
    if (problem === undefined) continue;
    yield {
      path: child(path, index),
      message: `This entry of ${member} ${problem}.`,
      hint: 'Write {"key": ..., "value": ...} or {"key": ..., "value.$": "$.path"}.',
    };
  }
}

function pairProblem(pair: Json): string | undefined {
  if (!isJsonObject(pair)) return "is not an object";
  if (typeof pair["key"] !== "string") return "has no key";
  const hasValue = Object.hasOwn(pair, "value");
  const hasPath = Object.hasOwn(pair, "value.$");
  if (hasValue === hasPath) return hasValue ? "has both value and value.$" : "has no value";
  const unknown = Object.keys(pair).find((name) => !["key", "value", "value.$"].includes(name));
  if (unknown !== undefined) return `has the unknown member ${JSON.stringify(unknown)}`;
  return hasPath && typeof pair["value.$"] !== "string"
    ? "has a value.$ that is not a string"
    : undefined;
}

export const connectionName: Rule = {
  name: "connection-name",
  severity: "error",
  what: "connectionName cannot be the name of a connection.",
  source: "ZIS developer guide, connections",
  *find({ actions }) {
    for (const { path, definition } of actions) {
      const name = text(definition["connectionName"]);
      if (name === undefined || CONNECTION_NAME.test(name)) continue;
      yield {
        path: child(path, "definition", "connectionName"),
        message: `${JSON.stringify(name)} cannot be the name of a connection.`,
        hint: "Use 3 to 64 letters, digits, _ and -.",
      };
    }
  },
};

/** Header names whose literal value is a credential. */
const SECRET_HEADERS =
  /^(authorization|proxy-authorization|x-api-key|api-key|apikey|x-auth-token|cookie)$|secret|password/i;
const SECRET_VALUE = /^(?:(?:bearer|basic|token)\s+)?[\w.~+/=:-]{12,}$/i;
const SECRET_IN_URL =
  /:\/\/[^/?#{}]+:[^/?#{}]+@|[?&](?:api_?key|access_token|token|secret|password)=[^&{}]{8,}/i;

export const secretLiteral: Rule = {
  name: "secret-literal",
  severity: "warning",
  what: "A header or URL seems to hold a credential in plain text.",
  source: "every administrator can read an uploaded bundle",
  *find({ actions }) {
    for (const action of actions) yield* secretsOf(action);
  },
};

function* secretsOf({ path, definition }: ActionView): Generator<Found> {
  const at = child(path, "definition");
  const hint = "Keep it in a connection and name that in connectionName.";
  for (const header of objectsAt(definition, "headers", at)) {
    const { key, value } = header.value;
    if (typeof key !== "string" || typeof value !== "string") continue;
    if (!SECRET_HEADERS.test(key) || !SECRET_VALUE.test(value)) continue;
    yield {
      path: child(header.path, "value"),
      message: `The header ${key} seems to hold a credential in plain text.`,
      hint,
    };
  }
  for (const member of ["url", "path"]) {
    if (!SECRET_IN_URL.test(text(definition[member]) ?? "")) continue;
    yield {
      path: child(at, member),
      message: "The URL seems to hold a credential in plain text.",
      hint,
    };
  }
}
