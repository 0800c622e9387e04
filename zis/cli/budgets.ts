/** How many seconds each action of a bundle may take: what `check` reckons bounds with. */
import { access } from "node:fs/promises";
import { child } from "../check/json-pointer.ts";
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

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
