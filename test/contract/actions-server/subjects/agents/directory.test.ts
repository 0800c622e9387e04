/** Does the directory hold each person once, join and part by hand only, and do the rules change by a route? */
import { describe, expect, it } from "vitest";
import { ROUTES, type RouteName } from "#contract/routes";
import { jobsDone } from "#test/support/jobs";
import { startWorld } from "#test/support/world";
import { openAgentStore } from "./agent-store.ts";

async function open() {
  const world = await startWorld({ tickets: 5 });
  const { url, token } = world.card.server;
  const { db } = world.deps;

  async function call(name: RouteName, body?: object, id = "1", query = "") {
    const { method, path } = ROUTES[name];
    const response = await fetch(`${url}${path.replace(":id", id)}${query}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }
  const account: string = (await call("me")).body.account;
  const store = openAgentStore(db, account);
  /** By what Zendesk calls them. */
  async function agentOf(userId: string): Promise<string> {
    const { agent_id: agentId } = await db
      .selectFrom("agent_ids")
      .select("agent_id")
      .where("account_id", "=", account)
      .where("external_id", "=", userId)
      .executeTakeFirstOrThrow();
    return agentId;
  }
  const person = (userId: string, changes: object) =>
    db
      .updateTable("qa_people")
      .set(changes)
      .where("account_id", "=", account)
      .where("user_id", "=", userId)
      .execute();
  return { world, db, call, account, store, agentOf, person };
}

describe("the directory", () => {
  it("has each agent that was seen, page by page, joins and parts by hand, and proposes by e-mail", async () => {
    const { call, store, agentOf, person, account, db } = await open();
    await store.capture(1, {
      second: 1,
      messages: [
        [9_000_005, true],
        [9_000_007, true],
      ],
      agents: [9_000_007, 9_000_008],
    });
    await person("9000007", { email: "Ada@Example.com", name: "Ada" });
    await person("9000008", { email: "ada@example.com", name: "Ada L", suspended: true });
    const [ada, second] = [await agentOf("9000007"), await agentOf("9000008")];
    expect((await call("agent", undefined, ada)).body).toEqual({
      agent_id: ada,
      name: "Ada",
      email: "Ada@Example.com",
      role: "agent",
      active: true,
      available: true,
      ids: [{ system: "zendesk", external_id: "9000007" }],
    });
    expect((await call("agent", undefined, second)).body.active).toBe(false);
    const seen: string[] = [];
    for (let after = ""; ;) {
      const query = `?limit=1${after && `&after=${after}`}`;
      const { body } = await call("agents", undefined, "", query);
      seen.push(...body.agents.map((one: { agent_id: string }) => one.agent_id));
      if (body.next === null) break;
      after = body.next;
    }
    expect(seen).toEqual(expect.arrayContaining([ada, second]));
    expect(new Set(seen).size).toBe(seen.length);

    const proposals = (await call("agent-proposals")).body.proposals;
    expect(proposals).toEqual([{ email: "ada@example.com", agent_ids: [ada, second].toSorted() }]);
    const joined = await call("join-agents", { agent_id: second }, ada);
    expect(joined.body).toMatchObject({
      outcome: "joined",
      agent: {
        name: "Ada",
        ids: [{ external_id: "9000007" }, { external_id: "9000008" }],
      },
    });
    expect((await call("agent-proposals")).body.proposals).toEqual([]);
    // Nobody is left of that id.
    expect((await call("join-agents", { agent_id: second }, ada)).status).toBe(404);
    expect((await call("join-agents", { agent_id: ada }, ada)).body.outcome).toBe("joined");

    const id = { system: "zendesk", external_id: "9000008" };
    expect((await call("part-agent", id, second)).status).toBe(404);
    const parted = await call("part-agent", id, ada);
    expect(parted.body).toMatchObject({ outcome: "parted", agent: { ids: [id] } });
    expect((await call("part-agent", id, ada)).status).toBe(404);
    const only = { system: "zendesk", external_id: "9000007" };
    expect((await call("part-agent", only, ada)).body).toEqual({ outcome: "only_id" });
    expect((await call("set-agent-available", { available: false }, ada)).body).toMatchObject({
      agent_id: ada,
      available: false,
    });
    // Seen again, an agent stays as people left it.
    await store.capture(1, { second: 2, messages: [[9_000_007, true]], agents: [9_000_007] });
    expect((await call("agent", undefined, ada)).body.available).toBe(false);
    expect((await call("set-agent-available", { available: true }, "nobody")).status).toBe(404);

    const sam = { name: "Sam", ids: [{ system: "salesforce", external_id: "0055g00000AAAAA" }] };
    const made = (await call("make-agent", sam)).body;
    expect(made).toMatchObject({
      outcome: "made",
      agent: { name: "Sam", role: null, active: null },
    });
    expect((await call("make-agent", sam)).body).toEqual({
      outcome: "taken",
      id: sam.ids[0],
      by: made.agent.agent_id,
    });
    expect((await call("make-agent", { name: "", ids: [] })).status).toBe(400);
    // Joined and parted at once, each id is held once.
    await Promise.all([
      call("join-agents", { agent_id: made.agent.agent_id }, ada),
      call("join-agents", { agent_id: ada }, made.agent.agent_id),
      call("part-agent", only, ada),
    ]);
    const held = await db
      .selectFrom("agent_ids")
      .leftJoin("agents", (join) =>
        join
          .onRef("agents.account_id", "=", "agent_ids.account_id")
          .onRef("agents.agent_id", "=", "agent_ids.agent_id"),
      )
      .select("agents.agent_id")
      .where("agent_ids.account_id", "=", account)
      .execute();
    expect(held.every((one) => one.agent_id !== null)).toBe(true);
  });
});

describe("the rules", () => {
  it("are changed by a route, followed by a job, and not put back by the hour's settings", async () => {
    const { world, call, store } = await open();
    await store.capture(1, {
      second: 1,
      assignee: 9_000_007,
      messages: [[9_000_008, true]],
      agents: [9_000_008],
    });
    const begun = await call("change-agent-rules", { rules: ["public_commenter"] });
    expect([begun.status, begun.body.rules]).toEqual([202, ["public_commenter"]]);
    await jobsDone(world);
    expect((await call("agent-rules")).body).toMatchObject({
      rules: ["public_commenter"],
      state: "finished",
    });
    const found = await store.associations();
    expect(found).toContain("1 9000008 public_commenter");
    expect(found).not.toContain("1 9000007 assignee");
    for (const rules of [[], ["boss"], ["solver", "solver"]]) {
      expect((await call("change-agent-rules", { rules })).status).toBe(400);
    }
  });
});
