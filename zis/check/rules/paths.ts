/** Are paths and placeholders well formed, and are they where ZIS looks for them? */
import { isJsonObject } from "../../model/json.ts";
import { CONNECTION_NAME } from "../../model/names.ts";
import { parsePath, placeholders } from "../../model/paths.ts";
import type { Context } from "../context.ts";
import type { Found } from "../finding.ts";
import { child } from "../json-pointer.ts";
import {
  messagesOf,
  type PathUse,
  readsOf,
  readsOfAction,
  type TemplateText,
  templateTexts,
  textsOfAction,
  usesInDynamic,
  writesOf,
} from "../path-uses.ts";
import type { Rule } from "../rule.ts";

const SOURCE = "ZIS developer guide, flow states; inferred from public bundles";

export const malformedPath: Rule = {
  name: "malformed-path",
  severity: "error",
  what: "A path or the path of a placeholder is not one that ZIS documents.",
  source: SOURCE,
  *find(context) {
    for (const { text, parsed, at } of allUses(context)) {
      if (parsed.ok) continue;
      yield {
        path: at,
        message: `${quote(text)} is not a path: at character ${parsed.position + 1}, ${parsed.message}.`,
        hint: "Use $, $.a.b, $.a[0].b or $['odd name'].",
      };
    }
  },
};

export const malformedPlaceholder: Rule = {
  name: "malformed-placeholder",
  severity: "error",
  what: "Double braces are not closed, or hold no path.",
  source: SOURCE,
  *find(context) {
    for (const { text, at } of textsWithPlaceholders(context)) yield* checkBraces(text, at);
  },
};

function* checkBraces(text: string, at: string): Generator<Found> {
  if (!text.includes("{{")) return;
  const starts = new Set(placeholders(text).map(({ start }) => start));
  for (const match of text.matchAll(/\{\{\s*(\$?)/g)) {
    if (starts.has(match.index)) continue;
    const shown = quote(text.slice(match.index, match.index + 30));
    if (match[1] === "$") {
      yield {
        path: at,
        message: `The placeholder at character ${match.index + 1} is not closed by "}}": ${shown}.`,
        hint: "Write {{$.path}}.",
      };
    } else {
      yield {
        path: at,
        severity: "warning",
        message: `The braces at character ${match.index + 1} hold no path and stay as they are: ${shown}.`,
        hint: "If a value is meant, write {{$.path}}.",
      };
    }
  }
}

export const notAPath: Rule = {
  name: "not-a-path",
  severity: "error",
  what: "A key ends in .$ but its value is neither a path nor a text with placeholders.",
  source: "ZIS developer guide, Action state",
  *find(context) {
    for (const { text, at, dynamic } of dynamicTexts(context)) {
      if (!dynamic || usesInDynamic(text, at).length > 0 || text.includes("{{")) continue;
      yield {
        path: at,
        message: `${quote(text)} is neither a path nor a text with placeholders, but its key ends in ".$".`,
        hint: 'Begin it with "$", or remove ".$" from the key.',
      };
    }
  },
};

export const literalPath: Rule = {
  name: "literal-path",
  severity: "warning",
  what: "A text looks like a path or placeholder, but stands where it is taken literally.",
  source: "ZIS developer guide, Action state; inferred from corrections in public bundles",
  *find({ states, actions }) {
    for (const { state, type, path } of states) {
      const member = { Action: "Parameters", Pass: "Result" }[type ?? ""];
      if (member === undefined) continue;
      for (const found of templateTexts(state[member], child(path, member))) {
        if (!found.dynamic && (looksLikePath(found.text) || placeholders(found.text).length > 0)) {
          yield literal(
            found,
            type === "Pass"
              ? "Compute it with Jq; the Result of a Pass is a constant."
              : 'Add ".$" to the key.',
          );
        }
      }
    }
    for (const action of actions) {
      for (const found of textsOfAction(action)) {
        if (found.dynamic || !looksLikePath(found.text)) continue;
        yield literal(found, `Write {{${found.text}}}, or add ".$" to the key.`);
      }
    }
  },
};

function literal({ text, at }: TemplateText, hint: string): Found {
  return { path: at, message: `${quote(text)} is taken literally here.`, hint };
}

function looksLikePath(text: string): boolean {
  return /^\$[.[]/.test(text) && parsePath(text).ok;
}

export const passTemplate: Rule = {
  name: "pass-template",
  severity: "warning",
  what: "The Result of a Pass has a key that ends in .$.",
  source: "inferred: the page on the Pass state shows constants only",
  *find({ states }) {
    for (const { state, type, path } of states) {
      if (type !== "Pass") continue;
      for (const { text, at, dynamic } of templateTexts(state["Result"], child(path, "Result"))) {
        if (!dynamic) continue;
        yield {
          path: at,
          atKey: true,
          message: `Whether a Pass resolves ${quote(text)} is not documented.`,
          hint: "Build the value with a Jq action.",
        };
      }
    }
  },
};

export const connectionPath: Rule = {
  name: "connection-path",
  severity: "warning",
  what: "A path below $.connections cannot name a connection, or names a whole one.",
  source: "ZIS developer guide, connections; ZIS demo bundles",
  *find({ states }) {
    for (const view of states) {
      if (view.scope.outer !== undefined) continue;
      for (const use of readsOf(view)) {
        const problem = connectionProblem(use);
        if (problem !== undefined) yield { path: use.at, ...problem };
      }
    }
  },
};

function connectionProblem({ text, parsed }: PathUse) {
  const [root, name, member] = parsed.ok ? parsed.segments : [];
  if (root !== "connections" || name === undefined) return undefined;
  if (typeof name !== "string" || !CONNECTION_NAME.test(name)) {
    return {
      message: `${quote(String(name))} in ${text} cannot be the name of a connection.`,
      hint: "Use 3 to 64 letters, digits, _ and -.",
    };
  }
  if (member !== undefined) return undefined;
  return {
    message: `${text} is a whole connection.`,
    hint: `The token is at ${text}.access_token.`,
  };
}

function* allUses({ states, actions }: Context): Generator<PathUse> {
  for (const view of states) {
    yield* readsOf(view);
    yield* writesOf(view);
  }
  for (const action of actions) yield* readsOfAction(action);
}

/** Texts under `.$` keys. */
function* dynamicTexts({ states, actions }: Context): Generator<TemplateText> {
  for (const { state, type, path } of states) {
    if (type === "Action" && isJsonObject(state["Parameters"])) {
      yield* templateTexts(state["Parameters"], child(path, "Parameters"));
    }
  }
  for (const action of actions) yield* textsOfAction(action);
}

/** Texts in which placeholders work. */
function* textsWithPlaceholders(context: Context): Generator<TemplateText> {
  for (const found of dynamicTexts(context)) {
    if (found.dynamic || !found.at.includes("/States/")) yield found;
  }
  for (const view of context.states) yield* messagesOf(view);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}
