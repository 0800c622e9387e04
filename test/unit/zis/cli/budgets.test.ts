import { expect, it } from "vitest";
import { unknownBudgets } from "#zis/cli/budgets";

const bundleWith = (name: string) =>
  JSON.stringify({ resources: { a: { type: "ZIS::Action::Http", properties: { name } } } });

it.each([
  [{ tell: 5, "zis:shop:action:tell": 5 }, [bundleWith("tell")], []],
  [{ tell: 5, ask: 5 }, [bundleWith("tell"), bundleWith("ask")], []],
  [
    { tel: 5 },
    [bundleWith("tell")],
    ['the budget of "tel" has no effect: there is no such custom action; nearest: "tell"'],
  ],
  [{ tel: 5 }, ["{"], []],
  [{ tel: 5 }, ["[]"], ['the budget of "tel" has no effect: there is no such custom action']],
])("warns of %j with the bundles %j: %j", (budgets, texts, warnings) => {
  expect(unknownBudgets(budgets, texts)).toEqual(warnings);
});
