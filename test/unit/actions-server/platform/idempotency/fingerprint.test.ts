/** When are two bodies the same request? */
import { describe, expect, it } from "vitest";
import { toFingerprint } from "#platform/idempotency/fingerprint";

const identity = ["ticket_id", "extra"];

describe("toFingerprint", () => {
  it.each([
    ["members in another order", { ticket_id: "7", extra: 1 }, { extra: 1, ticket_id: "7" }],
    [
      "nested members in another order",
      { extra: { a: { c: 1, d: 2 }, b: [3] } },
      { extra: { b: [3], a: { d: 2, c: 1 } } },
    ],
    ["a member outside the identity", { ticket_id: "7" }, { ticket_id: "7", case_id: "x" }],
    ["an id as number and as text", { ticket_id: 7 }, { ticket_id: "7" }],
    ["an absent member and null", { ticket_id: "7" }, { ticket_id: "7", extra: null }],
  ])("is the same for %s", (_, left, right) => {
    expect(toFingerprint(left, identity)).toBe(toFingerprint(right, identity));
  });

  it.each([
    ["another value", { ticket_id: "7" }, { ticket_id: "8" }],
    ["the value under another name", { ticket_id: "7" }, { extra: "7" }],
    ["a list in another order", { extra: [1, 2] }, { extra: [2, 1] }],
    ["a list and an object of the same content", { extra: [["a", 1]] }, { extra: { a: 1 } }],
    [
      "a member named __proto__",
      { extra: JSON.parse('{"__proto__":1}') as unknown },
      { extra: {} },
    ],
    ["true and its text", { extra: true }, { extra: "true" }],
  ])("differs for %s", (_, left, right) => {
    expect(toFingerprint(left, identity)).not.toBe(toFingerprint(right, identity));
  });
});
