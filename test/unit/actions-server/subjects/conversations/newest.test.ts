/** Does the newest state win, whatever the order of arrival? */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { supersedes, type ObservedState } from "#subjects/conversations/newest";

const at = (seconds: number) => new Date(seconds * 1_000);
const state = (more: Partial<ObservedState> = {}): ObservedState => ({
  updatedAt: at(100),
  lastCommentId: "10",
  observedAt: at(200),
  ...more,
});

const survivor = (arrivals: ObservedState[]) =>
  arrivals.reduce((stored, candidate) => (supersedes(candidate, stored) ? candidate : stored));

describe("supersedes", () => {
  it.each([
    [
      "a later update wins over all else",
      { updatedAt: at(101), lastCommentId: undefined, observedAt: at(1) },
    ],
    ["in one second, the newer comment", { lastCommentId: "11", observedAt: at(1) }],
    ["with the same comments, the later look", { observedAt: at(201) }],
  ])("%s", (_rule, newer) => {
    expect(supersedes(state(newer), state())).toBe(true);
    expect(supersedes(state(), state(newer))).toBe(false);
  });

  it("compares comment ids as numbers of any length", () => {
    const long = state({ lastCommentId: "9007199254740993" });
    expect(supersedes(long, state({ lastCommentId: "9007199254740992" }))).toBe(true);
    expect(supersedes(state({ lastCommentId: "9007199254740992" }), long)).toBe(false);
    expect(supersedes(state({ lastCommentId: "9" }), state({ lastCommentId: "10" }))).toBe(false);
  });

  it("takes any comment for newer than none", () => {
    expect(supersedes(state({ lastCommentId: "1" }), state({ lastCommentId: undefined }))).toBe(
      true,
    );
    expect(supersedes(state({ lastCommentId: undefined }), state({ lastCommentId: "1" }))).toBe(
      false,
    );
  });

  it("stores the same state again", () => {
    expect(supersedes(state(), state())).toBe(true);
  });

  const anyState = fc.record({
    updatedAt: fc.integer({ min: 0, max: 2 }).map(at),
    lastCommentId: fc.option(fc.constantFrom("9", "10", "9007199254740993"), { nil: undefined }),
    observedAt: fc.integer({ min: 0, max: 2 }).map(at),
  });

  it("is an order, so that every sequence of arrivals ends in the same state", () => {
    const arrivals = fc
      .array(anyState, { minLength: 1, maxLength: 6 })
      .chain((states) =>
        fc.tuple(
          fc.constant(states),
          fc.shuffledSubarray(states, { minLength: states.length, maxLength: states.length }),
        ),
      );
    fc.assert(
      fc.property(arrivals, ([states, shuffled]) => {
        expect(survivor(shuffled)).toEqual(survivor(states));
      }),
    );
  });
});
