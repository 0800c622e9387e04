/** Who are the agents of a conversation, by each rule and in each odd case? */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentRule } from "#contract/agents/rules";
import {
  AGENT_RULES,
  associationsOf,
  type AgentFacts,
  type Author,
} from "#subjects/agents/agent-rules";

const ALL = Object.keys(AGENT_RULES) as AgentRule[];

/** Of a text such as "ada public, cust public, ada private". */
function authorsOf(messages: string): Author[] {
  const authors = new Map<string, Author>();
  for (const [place, message] of messages.split(", ").filter(Boolean).entries()) {
    const [id = "", kind] = message.split(" ");
    const one = authors.get(id) ?? {
      id,
      messages: 0,
      publicMessages: 0,
      firstPublic: null,
      lastPublic: null,
    };
    const isPublic = kind === "public";
    authors.set(id, {
      id,
      messages: one.messages + 1,
      publicMessages: one.publicMessages + (isPublic ? 1 : 0),
      firstPublic: one.firstPublic ?? (isPublic ? place : null),
      lastPublic: isPublic ? place : one.lastPublic,
    });
  }
  return [...authors.values()];
}

const agent = (id: string) => ({ id, isAgent: true });
const PEOPLE = new Map([
  ["ada", agent("ada")],
  ["ben", agent("ben")],
  ["cy", agent("cy")],
  ["cust", { id: "cust", isAgent: false }],
  ["friend", { id: "friend", isAgent: false }],
  ["old-ada", agent("ada")],
  ["old-cust", { id: "cust", isAgent: false }],
]);

interface Told extends Partial<Omit<AgentFacts, "authors">> {
  readonly messages?: string;
}

const factsOf = ({ messages = "", ...more }: Told): AgentFacts => ({
  assigneeId: null,
  requesterId: "cust",
  status: "open",
  isMerged: false,
  authors: authorsOf(messages),
  assignments: [],
  solved: [],
  people: PEOPLE,
  ...more,
});

const agentsBy = (rule: AgentRule, told: Told) =>
  associationsOf(factsOf(told), [rule]).map(({ agentId }) => agentId);

const TALK = "cust public, ada public, ben private, ben public, cust public, cy private";
const given = (...agents: (string | null)[]) =>
  agents.map((agentId, at) => ({ agentId, atMs: at * 1_000 }));
const solvedAt = (atMs: number, actorId: string | null = null) => ({ actorId, atMs });

describe("each rule", () => {
  it.each<[AgentRule, Told, string[]]>([
    ["assignee", { assigneeId: "ada", assignments: given("ben", "ada") }, ["ada"]],
    ["assignee", { assignments: given("ben", null) }, []],
    ["last_assignee", { assigneeId: "ada", assignments: given("ben") }, ["ada"]],
    ["last_assignee", { assignments: given("ben", "cy", null) }, ["cy"]],
    ["last_assignee", { assignments: given(null) }, []],
    ["first_assignee", { assigneeId: "ada", assignments: given(null, "ben", "ada") }, ["ben"]],
    ["first_assignee", { assigneeId: "ada" }, ["ada"]],
    ["first_assignee", {}, []],
    ["commenter", { messages: TALK }, ["ada", "ben", "cy"]],
    ["commenter", { messages: "cust public" }, []],
    ["public_commenter", { messages: TALK }, ["ada", "ben"]],
    ["public_commenter", { messages: "ada private" }, []],
    ["first_public_commenter", { messages: TALK }, ["ada"]],
    ["first_public_commenter", { messages: "ben private, ada public, ben public" }, ["ada"]],
    ["last_public_commenter", { messages: TALK }, ["ben"]],
    ["last_public_commenter", { messages: "cust public" }, []],
    ["most_active", { messages: "ada public, ben public, ben public, ada private" }, ["ben"]],
    ["most_active", { messages: "ada private, cust public" }, []],
  ])("%s of %j", (rule, told, agents) => {
    expect(agentsBy(rule, told)).toEqual(agents);
  });
});

describe("most active, in a tie of public messages", () => {
  it.each([
    ["is who wrote more in all", "ada public, ada private, ben public", "ada"],
    ["then who wrote publicly last", "ada public, ben public, cust public", "ben"],
  ])("%s", (_title, messages, winner) => {
    expect(agentsBy("most_active", { messages })).toEqual([winner]);
  });
});

describe("the solver", () => {
  it.each<[string, Told, string[]]>([
    [
      "is the assignee of that moment",
      { assignments: given("ada", "ben"), solved: [solvedAt(500)] },
      ["ada"],
    ],
    [
      "is who took it in the same second",
      { assignments: given("ada", "ben"), solved: [solvedAt(1_000)] },
      ["ben"],
    ],
    [
      "is everybody who solved it",
      { assignments: given("ada", "ben"), solved: [solvedAt(0), solvedAt(5_000)] },
      ["ada", "ben"],
    ],
    [
      "is the actor where the event names an agent",
      { assignments: given("ada"), solved: [solvedAt(9, "cy")] },
      ["cy"],
    ],
    [
      "is not the customer who closed it",
      { assignments: given("ada"), solved: [solvedAt(9, "cust")] },
      ["ada"],
    ],
    ["is not an automation", { assignments: given("ada"), solved: [solvedAt(9, "-1")] }, ["ada"]],
    [
      "is nobody where nobody had it",
      { assignments: given(null, "ada"), solved: [solvedAt(500)] },
      [],
    ],
    [
      "is nobody where who had it then is not known",
      { assigneeId: "ada", assignments: [{ agentId: "ada", atMs: 9_000 }], solved: [solvedAt(5)] },
      [],
    ],
    [
      "is the assignee where no assignment was recorded",
      { assigneeId: "ada", solved: [solvedAt(5)] },
      ["ada"],
    ],
    [
      "is the last assignee of a solved ticket without events",
      { status: "solved", assignments: given("ada", null) },
      ["ada"],
    ],
    [
      "is the assignee of a closed one",
      { status: "closed", assigneeId: "ben", assignments: given("ada") },
      ["ben"],
    ],
    ["is nobody while it is open", { status: "open", assigneeId: "ben" }, []],
    [
      "is nobody where a merge closed it",
      { status: "closed", isMerged: true, assigneeId: "ben" },
      [],
    ],
    [
      "stays where it was solved before the merge",
      { status: "closed", isMerged: true, assigneeId: "ben", solved: [solvedAt(1)] },
      ["ben"],
    ],
  ])("%s", (_title, told, agents) => {
    expect(agentsBy("solver", told)).toEqual(agents);
  });
});

describe("who counts as an agent", () => {
  it.each<[string, AgentRule, Told, string[]]>([
    ["not an end user in copy", "commenter", { messages: "friend public, ada public" }, ["ada"]],
    ["not somebody unknown", "commenter", { messages: "99 public" }, []],
    [
      "somebody unknown whom the ticket was given to",
      "commenter",
      { messages: "99 public", assignments: given("99") },
      ["99"],
    ],
    [
      "an end user of today who was given the ticket",
      "commenter",
      { messages: "friend public", assigneeId: "friend" },
      ["friend"],
    ],
    [
      "not an agent who is the requester",
      "commenter",
      { requesterId: "ada", messages: "ada public, ben public" },
      ["ben"],
    ],
    [
      "an agent who is the requester, as the assignee",
      "assignee",
      { requesterId: "ada", assigneeId: "ada" },
      ["ada"],
    ],
    [
      "not an agent whose other id is the requester",
      "commenter",
      { requesterId: "old-ada", messages: "ada public" },
      [],
    ],
    [
      "one person under two merged ids",
      "most_active",
      { messages: "old-ada public, ben public, ben public, ada public, ada public" },
      ["ada"],
    ],
    ["the survivor of a merge as assignee", "assignee", { assigneeId: "old-ada" }, ["ada"]],
    [
      "the earliest id as the first who wrote",
      "first_public_commenter",
      { messages: "old-ada public, ben public, ada public" },
      ["ada"],
    ],
    [
      "the merged customer as the customer",
      "commenter",
      { messages: "old-cust public, cust public" },
      [],
    ],
  ])("%s", (_title, rule, told, agents) => {
    expect(agentsBy(rule, told)).toEqual(agents);
  });
});

const ids = fc.constantFrom("ada", "ben", "cy", "cust", "friend", "old-ada", "old-cust", "99");
const anyFacts = fc
  .record({
    messages: fc.array(fc.tuple(ids, fc.constantFrom("public", "private")), { maxLength: 12 }),
    assigneeId: fc.option(ids),
    requesterId: fc.option(ids),
    status: fc.constantFrom("open", "solved", "closed"),
    isMerged: fc.boolean(),
    assignments: fc.array(fc.option(ids), { maxLength: 4 }),
    solved: fc.array(fc.tuple(fc.nat(4_000), fc.option(ids)), { maxLength: 3 }),
  })
  .map(({ messages, assignments, solved, ...more }) =>
    factsOf({
      ...more,
      messages: messages.map(([id, kind]) => `${id} ${kind}`).join(", "),
      assignments: given(...assignments),
      solved: solved.map(([at, actor]) => solvedAt(at, actor)).toSorted((a, b) => a.atMs - b.atMs),
    }),
  );

describe("the union of rules", () => {
  it("names each agent once, with the rules that found them, and nobody for no rule", () => {
    const told = factsOf({ assigneeId: "ben", messages: TALK });
    expect(associationsOf(told, ["public_commenter", "assignee"])).toEqual([
      { agentId: "ada", rules: ["public_commenter"] },
      { agentId: "ben", rules: ["assignee", "public_commenter"] },
    ]);
    expect(associationsOf(told, [])).toEqual([]);
  });

  it("is what each rule finds alone, in whatever order rules and authors come", () => {
    fc.assert(
      fc.property(anyFacts, fc.shuffledSubarray(ALL), (facts, rules) => {
        const whole = associationsOf(facts, rules);
        const pairs = whole.flatMap(({ agentId, rules: by }) =>
          by.map((rule) => `${agentId} ${rule}`),
        );
        const alone = rules.flatMap((rule) =>
          associationsOf(facts, [rule]).map(({ agentId }) => `${agentId} ${rule}`),
        );
        expect(pairs.toSorted()).toEqual(alone.toSorted());
        const turned = { ...facts, authors: facts.authors.toReversed() };
        expect(associationsOf(turned, rules.toReversed())).toEqual(whole);
      }),
    );
  });

  it("has first, last and most active among the public commenters, and these among the commenters", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const by = (rule: AgentRule) => associationsOf(facts, [rule]).map((one) => one.agentId);
        const publicly = by("public_commenter");
        for (const rule of [
          "first_public_commenter",
          "last_public_commenter",
          "most_active",
        ] as const) {
          expect(by(rule)).toHaveLength(publicly.length === 0 ? 0 : 1);
          expect(publicly).toEqual(expect.arrayContaining(by(rule)));
        }
        expect(by("commenter")).toEqual(expect.arrayContaining(publicly));
      }),
    );
  });
});
