/** How many seconds each action of the bundle may take: what the proof of the 100 seconds reckons with. */
import { OPERATIONS, type OperationName } from "#contract/actions/operations";
import { actionNameOf } from "./builders/server-action.ts";

/** Action name to seconds. The server answers within the budget that its contract states. */
export const BUDGETS_SECONDS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(OPERATIONS).map(([operation, { budgetMs }]) => [
    actionNameOf(operation as OperationName),
    budgetMs / 1_000,
  ]),
);
