/** Are states ordered by like clocks only, whatever Zendesk sends as generated_timestamp? */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isLaterState,
  lastChangeAt,
  toGeneratedAt,
  type TicketClocks,
} from "#remotes/zendesk/ticket-clocks";

const at = (seconds: number) => new Date(seconds * 1_000);
const anyState: fc.Arbitrary<TicketClocks> = fc.record({
  updatedAt: fc.integer({ min: 0, max: 3 }).map(at),
  generatedAt: fc.option(fc.integer({ min: 0, max: 3 }).map(at), { nil: undefined }),
});

describe("toGeneratedAt", () => {
  it("reads Unix seconds", () => expect(toGeneratedAt(1_795_165_200)).toEqual(at(1_795_165_200)));

  it.each([[0], [-1], [1.5], [1e15], [Number.NaN], ["1795165200"], [null], [undefined], [{}]])(
    "knows nothing from %s",
    (value) => expect(toGeneratedAt(value)).toBeUndefined(),
  );
});

describe("isLaterState", () => {
  it.each<[string, TicketClocks, TicketClocks]>([
    [
      "a later update, although the other was generated later",
      { updatedAt: at(2), generatedAt: undefined },
      { updatedAt: at(1), generatedAt: at(9) },
    ],
    [
      "of one update, the later generation",
      { updatedAt: at(1), generatedAt: at(3) },
      { updatedAt: at(1), generatedAt: at(2) },
    ],
  ])("takes for later %s", (_, later, earlier) => {
    expect(isLaterState(later, earlier)).toBe(true);
    expect(isLaterState(earlier, later)).toBe(false);
  });

  it("does not distinguish states of one update when only one has a generation", () => {
    const [known, unknown] = [
      { updatedAt: at(1), generatedAt: at(9) },
      { updatedAt: at(1), generatedAt: undefined },
    ];
    expect([isLaterState(known, unknown), isLaterState(unknown, known)]).toEqual([false, false]);
  });

  it("never goes in a ring", () => {
    fc.assert(
      fc.property(anyState, anyState, anyState, (a, b, c) => {
        expect(isLaterState(a, a)).toBe(false);
        if (isLaterState(a, b)) expect(isLaterState(b, a)).toBe(false);
        if (isLaterState(a, b) && isLaterState(b, c)) expect(isLaterState(c, a)).toBe(false);
      }),
    );
  });
});

describe("lastChangeAt", () => {
  it("is the later of the clocks that are known", () => {
    expect(lastChangeAt({ updatedAt: at(1), generatedAt: undefined })).toEqual(at(1));
    expect(lastChangeAt({ updatedAt: at(1), generatedAt: at(2) })).toEqual(at(2));
    expect(lastChangeAt({ updatedAt: at(3), generatedAt: at(2) })).toEqual(at(3));
  });
});
