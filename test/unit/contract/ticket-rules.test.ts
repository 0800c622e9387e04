/** Which conversations do the settings want: by occasion, place of the ticket, and an even share that never changes? */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, type Settings } from "#contract/settings/settings";
import { whyNotCaptured, type CaptureOccasion } from "#contract/settings/ticket-rules";

const why = (
  settings: Partial<Settings>,
  occasion: CaptureOccasion = "solved",
  ticketId = "1001",
  account = "acme",
) =>
  whyNotCaptured(
    { ...DEFAULT_SETTINGS, ...settings },
    { account, ticketId, groupId: "7", brandId: "8", formId: undefined },
    occasion,
  );

describe("a conversation", () => {
  it.each([
    ["solved", {}, null],
    ["closed", {}, "the settings want no conversations of closed tickets"],
    ["public_reply", {}, "the settings want no conversations of public replies"],
    ["closed", { capture_on_closed: true, capture_on_solved: false }, null],
    ["public_reply", { capture_on_public_reply: true }, null],
    ["solved", { capture_groups: [7, "9"], capture_brands: ["8"] }, null],
    [
      "solved",
      { capture_groups: [9] },
      "its group is not among those whose conversations are stored",
    ],
    [
      "solved",
      { capture_brands: [9] },
      "its brand is not among those whose conversations are stored",
    ],
    [
      "solved",
      { capture_forms: [9] },
      "its form is not among those whose conversations are stored",
    ],
    [
      "solved",
      { capture_share_percent: 0 },
      "it is not in the 0 % of tickets whose conversations are stored",
    ],
  ] as const)("of a %s ticket with %j: %s", (occasion, settings, expected) => {
    expect(why(settings as unknown as Partial<Settings>, occasion)).toBe(expected);
  });

  it("that is in a share is in every larger one", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 18n }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 100 }),
        (id, one, other) => {
          const [less, more] = [Math.min(one, other), Math.max(one, other)];
          const isIn = (share: number) =>
            why({ capture_share_percent: share }, "solved", String(id)) === null;
          return !isIn(less) || isIn(more);
        },
      ),
    );
  });

  it.each([1, 10, 50, 99])(
    "is stored of %i %% of the tickets, of ids that follow each other",
    (share) => {
      const count = 20_000;
      const wanted = Array.from({ length: count }, (_, at) =>
        why({ capture_share_percent: share }, "solved", String(at + 1)),
      ).filter((reason) => reason === null).length;
      expect(Math.abs(wanted / count - share / 100)).toBeLessThan(0.012);
    },
  );

  it("has a place of its own in each account, which no release may change", () => {
    const chosen = (account: string) =>
      Array.from({ length: 40 }, (_, at) => String(at + 1)).filter(
        (id) => why({ capture_share_percent: 25 }, "solved", id, account) === null,
      );
    expect(chosen("acme")).not.toEqual(chosen("globex"));
    expect(chosen("acme")).toMatchInlineSnapshot(`
      [
        "1",
        "4",
        "8",
        "12",
        "13",
        "16",
        "20",
        "32",
      ]
    `);
  });
});
