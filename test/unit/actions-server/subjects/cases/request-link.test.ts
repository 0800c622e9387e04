/** Does the same promise always ask for the same link? */
import { describe, expect, it } from "vitest";
import { linkEventId } from "#subjects/cases/request-link";

describe("linkEventId", () => {
  it("is the same for the same key of the same account, and short", () => {
    expect(linkEventId("acme", "S:1")).toBe(linkEventId("acme", "S:1"));
    expect(linkEventId("acme", "k".repeat(255))).toMatch(/^link-[0-9a-f]{32}$/);
  });

  it("differs with account and key", () => {
    const ids = [
      linkEventId("acme", "S:1"),
      linkEventId("globex", "S:1"),
      linkEventId("acme", "S:2"),
    ];
    expect(new Set(ids).size).toBe(3);
  });
});
