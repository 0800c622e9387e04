import { describe, expect, it } from "vitest";
import { checkInvariants, type Expectations, type Observed } from "#scripts/demo/invariants";

const names = { ticket: (id: string) => `t:${id}`, case: (id: string) => `c:${id}` };

const expected: Expectations = {
  repetitions: 3,
  captured: [
    {
      ticketId: "1",
      captureEvents: 2,
      commentIds: ["11", "12"],
      truth: { outcome: "matched", caseId: "A" },
    },
    { ticketId: "2", captureEvents: 1, commentIds: ["21"], truth: { outcome: "none" } },
  ],
};

const good: Observed = {
  conversations: [
    { ticketId: "1", captures: 2, commentIds: ["11", "12"] },
    { ticketId: "2", captures: 1, commentIds: ["21"] },
  ],
  links: [{ left: "t:1", right: "c:A" }],
  resolved: new Map([
    ["1", { outcome: "matched" }],
    ["2", { outcome: "none" }],
  ]),
  flowsFailed: 0,
  duplicatesAbsorbed: 3,
};

function broken(observed: Observed): readonly string[] {
  return checkInvariants(expected, observed, names).flatMap((invariant) => invariant.broken);
}

describe("the demo's invariants", () => {
  it("hold for what was planned", () => {
    expect(broken(good)).toEqual([]);
  });

  it.each<[string, Observed, readonly string[]]>([
    [
      "a conversation is missing",
      { ...good, conversations: good.conversations.slice(1) },
      [
        "conversation of ticket 1 is missing",
        "ticket 1: comment 11 is missing",
        "ticket 1: comment 12 is missing",
        "ticket 1: 2 events, 0 captures recorded",
      ],
    ],
    [
      "a ticket that was left alone is captured",
      {
        ...good,
        conversations: [...good.conversations, { ticketId: "3", captures: 1, commentIds: ["31"] }],
      },
      ["conversation of ticket 3 is there unexpectedly"],
    ],
    [
      "a comment is missing",
      {
        ...good,
        conversations: [
          { ticketId: "1", captures: 2, commentIds: ["11"] },
          ...good.conversations.slice(1),
        ],
      },
      ["ticket 1: comment 12 is missing"],
    ],
    [
      "an event is captured twice",
      {
        ...good,
        conversations: [
          { ticketId: "1", captures: 3, commentIds: ["11", "12"] },
          ...good.conversations.slice(1),
        ],
      },
      ["ticket 1: 2 events, 3 captures recorded"],
    ],
    [
      "a link is doubled",
      { ...good, links: [...good.links, ...good.links] },
      ["link t:1 to c:A is there 2 times"],
    ],
    [
      "a link leads to another case",
      { ...good, links: [{ left: "t:1", right: "c:B" }] },
      ["link t:1 to c:A is missing", "link t:1 to c:B is there unexpectedly"],
    ],
    [
      "a ticket resolves wrongly",
      { ...good, resolved: new Map([["1", { outcome: "matched" }]]) },
      ["ticket 2: expected none, resolved never"],
    ],
    ["a flow failed", { ...good, flowsFailed: 2 }, ["2 flow runs failed"]],
    [
      "a duplicate is not absorbed",
      { ...good, duplicatesAbsorbed: 2 },
      ["3 repeated deliveries, 2 replayed answers"],
    ],
  ])("break when %s", (_what, observed, messages) => {
    expect(broken(observed)).toEqual(messages);
  });
});
