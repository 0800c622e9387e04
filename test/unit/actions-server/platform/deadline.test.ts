/** Does a deadline end what goes out when the time is up, and keep it back when the time was up before? */
import { expect, it } from "vitest";
import { createDeadline } from "#platform/deadline";

it("has ended already when nothing is left: nothing goes out", () => {
  let ms = 0;
  const deadline = createDeadline(100, () => ms);
  ms = 100;
  expect(deadline.remainingMs()).toBe(0);
  expect(deadline.signal.aborted).toBe(true);
  expect(String(deadline.signal.reason)).toContain("the budget of 100 ms is spent");
});

it.each([0, -5])("of %i ms has ended when it is made", (budgetMs) => {
  expect(createDeadline(budgetMs).signal.aborted).toBe(true);
});

it("ends when the time is up, unless it was cleared", async () => {
  const [short, cleared] = [createDeadline(1), createDeadline(1)];
  expect([short.signal.aborted, cleared.signal.aborted]).toEqual([false, false]);
  cleared.clear();
  await expect.poll(() => short.signal.aborted).toBe(true);
  expect(cleared.signal.aborted).toBe(false);
});
