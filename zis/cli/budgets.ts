/** How many seconds each action of a bundle may take: what `check` computes bounds with. */
import { access } from "node:fs/promises";
import { child } from "../check/json-pointer.ts";
import { nearestPhrase } from "../check/nearest.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import { parseResourceName } from "../model/names.ts";
import { readObject } from "./files.ts";

/** Seconds by the name of the action. */
export type Budgets = Readonly<Record<string, number>>;

/** The budgets in the file given, else in `NAME.budgets.json` beside `NAME.json`, else none. */
export async function readBudgets(bundleFile: string, given: string | undefined): Promise<Budgets> {
  const beside = bundleFile.replace(/(\.json)?$/, ".budgets.json");
  const file = given ?? ((await exists(beside)) ? beside : undefined);
  if (file === undefined) return {};
  const { value, problem } = await readObject(file, "the budgets");
  const budgets = Object.entries(value).map(([action, seconds]): [string, number] => {
    if (typeof seconds === "number" && seconds >= 0) return [action, seconds];
    throw problem(
      child("", action),
      `the budget of ${action} must be a number of seconds, at least 0`,
    );
  });
  return Object.fromEntries(budgets);
}

/**
 * A warning for each budget of an action that none of the bundles has: it bounds nothing.
 *
 * @param texts the bundles; when one of them is not JSON, what it would have had is unknown
 */
export function unknownBudgets(budgets: Budgets, texts: readonly string[]): string[] {
  const names = new Set<string>();
  for (const text of texts) {
    const bundle = parsed(text);
    if (bundle === undefined) return [];
    for (const name of actionNames(bundle)) names.add(name);
  }
  return Object.keys(budgets)
    .filter((action) => !names.has(parseResourceName(action)?.name ?? action))
    .map(
      (action) =>
        `the budget of ${JSON.stringify(action)} has no effect: there is no such custom action${nearestPhrase(action, names)}`,
    );
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function actionNames(bundle: Json): string[] {
  const resources = isJsonObject(bundle) ? bundle["resources"] : undefined;
  return Object.values(isJsonObject(resources) ? resources : {}).flatMap((resource) => {
    if (!isJsonObject(resource) || resource["type"] !== "ZIS::Action::Http") return [];
    const { properties } = resource;
    const name = isJsonObject(properties) ? properties["name"] : undefined;
    return typeof name === "string" ? [name] : [];
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
