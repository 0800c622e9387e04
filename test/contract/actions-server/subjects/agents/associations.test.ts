/** Do associations follow what is stored and the rules, whatever the order of events and of changes of the rules? */
import fc from "fast-check";
import type { Kysely } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { AgentRule } from "#contract/agents/rules";
import type { Database } from "#platform/db/schema";
import { freshDatabase } from "#test/support/postgres";
import { openAgentStore } from "./agent-store.ts";

let db: Kysely<Database>;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

const RULES = AgentRule.anyOf.map((rule) => rule.const);

describe("associations", () => {
  it("are there with the conversation, by the default rules, and once only when it comes again", async () => {
    const store = openAgentStore(db, "plain");
    const told = {
      second: 1,
      assignee: 7,
      agents: [8],
      messages: [
        [5, true],
        [8, false],
      ] as const,
    };
    await store.capture(1, told);
    await store.capture(1, told);
    expect(await store.associations()).toEqual(["1 7 assignee", "1 8 commenter"]);
  });

  it("follow an assignment, also one that comes late, and a merge", async () => {
    const store = openAgentStore(db, "moves");
    await store.change(["assignee", "first_assignee", "solver"]);
    await store.assign(1, 7, 3);
    await store.capture(1, { second: 3, assignee: 7, status: "closed" });
    expect(await store.associations()).toEqual([
      "1 7 assignee",
      "1 7 first_assignee",
      "1 7 solver",
    ]);
    await store.assign(1, 8, 9);
    await store.assign(1, 6, 1);
    expect(await store.associations()).toEqual([
      "1 6 first_assignee",
      "1 8 assignee",
      "1 8 solver",
    ]);
    await store.merge(1, 2);
    expect(await store.associations()).toEqual(["1 6 first_assignee", "1 8 assignee"]);
  });

  it("stay while the ticket is hidden, and go with it when it is erased", async () => {
    const store = openAgentStore(db, "gone");
    await store.capture(1, { second: 1, assignee: 7 });
    await store.remove(1, "deleted", 2);
    expect(await store.associations()).toEqual(["1 7 assignee"]);
    await store.remove(1, "erased", 3);
    await store.assign(1, 7, 4);
    expect(await store.associations()).toEqual([]);
  });

  it("name the agent that an event names as the solver", async () => {
    const store = openAgentStore(db, "solver");
    await store.change(["solver"]);
    await store.capture(1, { second: 1, assignee: 7, agents: [9], status: "solved" });
    expect(await store.associations()).toEqual(["1 7 solver"]);
    await store.solve(1, 9, 1);
    await store.solve(1, 5, 2);
    expect(await store.associations()).toEqual(["1 7 solver", "1 9 solver"]);
  });

  it("find a customer of earlier conversations who became an agent, and keep one who was", async () => {
    const store = openAgentStore(db, "promoted");
    await store.capture(1, { second: 1, messages: [[9, true]] });
    await store.capture(2, { second: 2, messages: [[9, true]], agents: [9] });
    expect(await store.associations()).toEqual(["2 9 commenter"]);
    await store.settle();
    expect(await store.associations()).toEqual(["1 9 commenter", "2 9 commenter"]);
    await store.capture(3, { second: 3, messages: [[9, true]] });
    expect(await store.associations()).toHaveLength(3);
  });

  it("follow two users that were merged into one", async () => {
    const store = openAgentStore(db, "joined");
    await store.capture(1, { second: 1, messages: [[9, true]] });
    await store.capture(2, { second: 2, messages: [[8, true]], agents: [8] });
    await db
      .updateTable("qa_people")
      .set({ merged_into: "8" })
      .where("account_id", "=", "joined")
      .where("user_id", "=", "9")
      .execute();
    await store.find({ account: "joined", userId: "9" });
    expect(await store.associations()).toEqual(["1 8 commenter", "2 8 commenter"]);
  });

  it("are of their own account only", async () => {
    const [ours, theirs] = [openAgentStore(db, "ours"), openAgentStore(db, "theirs")];
    await theirs.change(["first_assignee"]);
    for (const store of [ours, theirs]) await store.capture(1, { second: 1, assignee: 7 });
    expect(await ours.associations()).toEqual(["1 7 assignee"]);
    expect(await theirs.associations()).toEqual(["1 7 first_assignee"]);
  });
});

describe("a change of the rules", () => {
  it("is followed page by page, each ticket once, and says when it is done", async () => {
    const store = openAgentStore(db, "pages");
    const told = { second: 1, assignee: 7, messages: [[8, true]] as const, agents: [8] };
    for (let first = 1; first <= 250; first += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, at) => store.capture(first + at, told)));
    }
    expect(await store.change(["public_commenter"])).toBe(true);
    expect(await store.change(["public_commenter"])).toBe(true);
    const pages: unknown[] = [];
    do {
      const row = await db
        .selectFrom("agent_rules")
        .select(["state", "tickets_done"])
        .where("account_id", "=", "pages")
        .executeTakeFirst();
      pages.push([row?.state, row?.tickets_done]);
    } while (await store.page());
    expect(pages).toEqual([
      ["running", 0],
      ["running", 200],
      ["running", 250],
      ["finished", 250],
    ]);
    expect(await store.change(["public_commenter"])).toBe(false);
    const found = await store.associations();
    expect(found).toHaveLength(250);
    expect(found.every((one) => one.endsWith(" 8 public_commenter"))).toBe(true);
  });

  it("ends right when pages run at once, the rules change again, and conversations come meanwhile", async () => {
    const store = openAgentStore(db, "crowd");
    const capture = (id: number) =>
      store.capture(id, { second: id, assignee: 7, messages: [[8, true]], agents: [8] });
    await Promise.all(Array.from({ length: 30 }, (_, id) => capture(id + 1)));
    await Promise.all([
      store.change(["assignee"]),
      ...Array.from({ length: 4 }, () => store.page()),
      ...Array.from({ length: 20 }, (_, id) => capture(id + 20)),
    ]);
    await Promise.all([
      store.page(),
      store.change(["commenter"]),
      ...Array.from({ length: 20 }, (_, id) => capture(id + 30)),
      ...Array.from({ length: 5 }, (_, id) => store.assign(id + 1, 9, 100)),
      store.page(),
    ]);
    await Promise.all([store.settle(), store.settle()]);
    const found = await store.associations();
    expect(found).toEqual(
      Array.from({ length: 49 }, (_, id) => `${id + 1} 8 commenter`).toSorted(),
    );
    await store.fromScratch();
    expect(await store.associations()).toEqual(found);
  });
});

const ticket = fc.integer({ min: 1, max: 4 });
const person = fc.constantFrom(5, 6, 7, 8);
const second = fc.integer({ min: 1, max: 9 });
const step = fc.oneof(
  fc.record({
    do: fc.constant("capture" as const),
    ticket,
    told: fc.record({
      second,
      assignee: fc.option(person),
      requester: person,
      status: fc.constantFrom("open", "solved", "closed"),
      messages: fc.array(fc.tuple(person, fc.boolean()), { maxLength: 5 }),
      agents: fc.subarray([6, 7, 8]),
    }),
  }),
  fc.record({ do: fc.constant("assign" as const), ticket, agent: fc.option(person), second }),
  fc.record({ do: fc.constant("solve" as const), ticket, agent: fc.option(person), second }),
  fc.record({ do: fc.constant("merge" as const), ticket, second }),
  fc.record({ do: fc.constant("erase" as const), ticket, second }),
  fc.record({ do: fc.constant("rules" as const), rules: fc.subarray(RULES, { minLength: 1 }) }),
  fc.record({ do: fc.constant("page" as const) }),
);

it("any order of events and changes of the rules ends as computed from scratch", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const store = openAgentStore(db, `any-${(run += 1)}`);
      for (const one of steps) {
        if (one.do === "capture") await store.capture(one.ticket, one.told);
        else if (one.do === "assign") await store.assign(one.ticket, one.agent, one.second);
        else if (one.do === "solve") await store.solve(one.ticket, one.agent, one.second);
        else if (one.do === "merge") await store.merge(one.ticket, one.ticket + 10);
        else if (one.do === "erase") await store.remove(one.ticket, "erased", one.second);
        else if (one.do === "rules") await store.change(one.rules);
        else await store.page();
      }
      await store.settle();
      const found = await store.associations();
      await store.fromScratch();
      expect(await store.associations()).toEqual(found);
    }),
    { numRuns: 40 },
  );
}, 120_000);
