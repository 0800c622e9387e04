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
  loaded: [{ ticketId: "9", commentIds: ["91"] }],
  swept: [{ ticketId: "8", truth: { outcome: "matched", caseId: "H" } }],
  redacted: { ticketId: "1", commentId: "11", body: "card ▇▇" },
  deleted: "2",
};

const good: Observed = {
  conversations: [
    { ticketId: "1", captures: 2, commentIds: ["11", "12"], hidden: false },
    { ticketId: "2", captures: 1, commentIds: ["21"], hidden: true },
    { ticketId: "9", captures: 1, commentIds: ["91"], hidden: false },
  ],
  redacted: [{ ticketId: "1", commentId: "11", body: "card ▇▇" }],
  findings: [],
  links: [
    { left: "t:1", right: "c:A" },
    { left: "t:8", right: "c:H" },
  ],
  found: new Map([["1", "A"]]),
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

  it("hold for a ticket that only a sweep has looked up", () => {
    const resolved = new Map([["2", { outcome: "none" }]]);
    expect(broken({ ...good, resolved })).toEqual([]);
    const found = new Map([
      ["1", "A"],
      ["2", null],
    ]);
    expect(broken({ ...good, resolved: new Map(), found })).toEqual([]);
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
        conversations: [
          ...good.conversations,
          { ticketId: "3", captures: 1, commentIds: ["31"], hidden: false },
        ],
      },
      ["conversation of ticket 3 is there unexpectedly"],
    ],
    [
      "a comment is missing",
      {
        ...good,
        conversations: [
          { ticketId: "1", captures: 2, commentIds: ["11"], hidden: false },
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
          { ticketId: "1", captures: 3, commentIds: ["11", "12"], hidden: false },
          ...good.conversations.slice(1),
        ],
      },
      ["ticket 1: 2 events, 3 captures recorded"],
    ],
    [
      "a link is doubled",
      { ...good, links: [...good.links, ...good.links] },
      ["link t:1 to c:A is there 2 times", "link t:8 to c:H is there 2 times"],
    ],
    [
      "a link leads to another case",
      { ...good, links: [{ left: "t:1", right: "c:B" }, ...good.links.slice(1)] },
      ["link t:1 to c:A is missing", "link t:1 to c:B is there unexpectedly"],
    ],
    [
      "a ticket resolves wrongly",
      { ...good, resolved: new Map([["1", { outcome: "matched" }]]) },
      ["ticket 2: expected none, resolved never"],
    ],
    [
      "a sweep found a case where there is none",
      {
        ...good,
        resolved: new Map([["1", { outcome: "matched" }]]),
        found: new Map([["2", "B"]]),
      },
      ["ticket 2: expected none, resolved matched"],
    ],
    [
      "history is not loaded",
      { ...good, conversations: good.conversations.slice(0, -1) },
      ["conversation of ticket 9 is missing", "ticket 9: comment 91 is missing"],
    ],
    [
      "a sweep did not link",
      { ...good, links: good.links.slice(0, 1) },
      ["link t:8 to c:H is missing"],
    ],
    [
      "a redaction did not reach the store",
      { ...good, redacted: [] },
      ['redaction of ticket 1: comment 11 "card ▇▇" is missing'],
    ],
    [
      "a deleted ticket is shown",
      { ...good, conversations: good.conversations.map((row) => ({ ...row, hidden: false })) },
      ["deletion of ticket 2 is missing"],
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
