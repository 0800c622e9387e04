/** Does each resource have a name that is unique and can be referred to? */
import type { Rule } from "../rule.ts";
import { child } from "../json-pointer.ts";
import { text } from "../context.ts";

const MAX_ACTION_NAME = 20;

export const duplicateName: Rule = {
  name: "duplicate-name",
  severity: "error",
  origin: "registry",
  what: "Two resources of one type have the same name.",
  source: "ZIS developer guide, fixing common errors",
  *find({ resources }) {
    const first = new Map<string, string>();
    for (const { key, type, path, properties } of resources) {
      const name = text(properties["name"]);
      if (name === undefined) continue;
      const id = `${type} ${name}`;
      const other = first.get(id);
      if (other === undefined) first.set(id, key);
      else {
        yield {
          path: child(path, "name"),
          message: `Bundle contains duplicated resources: ${JSON.stringify(other)} and ${JSON.stringify(key)} are both named ${JSON.stringify(name)}.`,
          hint: "Give each action, flow and job spec of the integration a name of its own.",
        };
      }
    }
  },
};

export const actionName: Rule = {
  name: "action-name",
  severity: "warning",
  what: "An action's name is longer than documented, has other characters, or differs from its key.",
  source: "ZIS developer guide, custom actions; not enforced: official samples break it",
  *find({ actions }) {
    for (const { key, name, path } of actions) {
      const problems = name === undefined ? [] : problemsOf(name, key);
      if (problems.length === 0) continue;
      yield {
        path: child(path, "name"),
        message: `The action's name ${problems.join(", ")}.`,
        hint: `Use at most ${MAX_ACTION_NAME} of a-z, A-Z, 0-9 and _, and the same text as the resource's key.`,
      };
    }
  },
};

function problemsOf(name: string, key: string): string[] {
  const problems: string[] = [];
  if (name.length > MAX_ACTION_NAME) {
    problems.push(`has ${name.length} characters where ${MAX_ACTION_NAME} are documented`);
  }
  if (/[^A-Za-z0-9_]/.test(name)) problems.push("has characters other than letters, digits and _");
  if (name !== key) problems.push(`differs from its key ${JSON.stringify(key)}`);
  return problems;
}
