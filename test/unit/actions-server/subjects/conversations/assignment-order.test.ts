/** Do the events of one update sort as they happened? */
import { describe, expect, it } from "vitest";
import { eventOrder } from "#subjects/conversations/assignment-order";

describe("eventOrder", () => {
  it("sorts positions as numbers", () => {
    const keys = ["S:10", "S:2", "S:1", "S:100"];
    expect(keys.toSorted((a, b) => (eventOrder(a) < eventOrder(b) ? -1 : 1))).toEqual([
      "S:1",
      "S:2",
      "S:10",
      "S:100",
    ]);
  });

  it("distinguishes different keys", () => {
    expect(new Set(["a", "a1", "b1", "1", ""].map(eventOrder)).size).toBe(5);
  });
});
