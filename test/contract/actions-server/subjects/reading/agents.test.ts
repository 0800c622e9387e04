/** Does the list mean by an agent whoever the rules say, for filters and for agents' own sessions, page by page? */
import { sql, type Kysely } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import type { Database } from "#platform/db/schema";
import { visibleConversations } from "#subjects/reading/filters";
import { listConversations } from "#subjects/reading/list-conversations";
import { readConversation } from "#subjects/reading/read-conversation";
import { freshDatabase } from "#test/support/postgres";
import { openAgentStore } from "../agents/agent-store.ts";

let db: Kysely<Database>;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

interface Asked {
  readonly agent?: string;
  readonly viewer?: string;
  readonly limit?: number;
}

/** All pages, one after the other. */
async function list(account: string, { agent, viewer, limit = 50 }: Asked): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const page = await listConversations(db, account, viewer ? { agentId: viewer } : undefined, {
      limit,
      ...(agent !== undefined && { agent }),
      ...(after !== undefined && { after }),
    });
    pages.push(page.conversations.map((one) => one.ticket_id));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return pages;
}

/** 7 has ticket 1 and wrote in 3; 8 answered in 1, 2 and 3. */
async function fill(account: string) {
  const store = openAgentStore(db, account);
  const agents = [7, 8];
  await store.capture(1, { second: 1, assignee: 7, messages: [[8, true]], agents });
  await store.capture(2, { second: 2, messages: [[8, true]], agents });
  await store.capture(3, {
    second: 3,
    assignee: 8,
    messages: [
      [8, true],
      [7, false],
    ],
    agents,
  });
  return store;
}

describe("conversations of an agent", () => {
  it("are the assignee's until the rules were followed for all, then whose the rules say", async () => {
    const store = await fill("first");
    expect(await list("first", { agent: "8" })).toEqual([["3"]]);
    expect(await list("first", { viewer: "7" })).toEqual([["3", "1"]]);
    await store.change(["public_commenter"]);
    expect(await list("first", { agent: "8" })).toEqual([["3"]]);
    await store.settle();
    expect(await list("first", { agent: "8" })).toEqual([["3", "2", "1"]]);
    expect(await list("first", { agent: "7" })).toEqual([[]]);
    expect(await list("first", { viewer: "7" })).toEqual([[]]);
    expect(await list("first", { viewer: "8", agent: "7" })).toEqual([[]]);
    const asked = { account: "first", ticketId: "1" };
    await expect(
      readConversation(db, async () => new Map(), { ...asked, viewer: { agentId: "7" } }),
    ).rejects.toThrow("no conversation of ticket 1");
    expect(
      await readConversation(db, async () => new Map(), { ...asked, viewer: { agentId: "8" } }),
    ).toMatchObject({
      ticket_id: "1",
    });
  });

  it("come page by page in the order of change, once, also of an agent with two ids", async () => {
    const store = await fill("pages");
    await store.change(["assignee", "commenter"]);
    await store.settle();
    expect(await list("pages", { agent: "8", limit: 1 })).toEqual([["3"], ["2"], ["1"]]);
    expect(await list("pages", { viewer: "7", agent: "8", limit: 1 })).toEqual([["3"], ["1"]]);
    await db
      .updateTable("agent_ids")
      .set({ agent_id: "both" })
      .where("account_id", "=", "pages")
      .execute();
    expect(await list("pages", { agent: "7", limit: 2 })).toEqual([["3", "2"], ["1"]]);
    expect(await list("pages", { viewer: "8", limit: 1 })).toEqual([["3"], ["2"], ["1"]]);
  });

  it("move in the list when the ticket changes, and go from it when the ticket is deleted", async () => {
    const store = await fill("moved");
    await store.change(["commenter"]);
    await store.settle();
    await store.capture(1, { second: 9, messages: [[8, true]], agents: [8] });
    expect(await list("moved", { agent: "8" })).toEqual([["1", "3", "2"]]);
    await store.remove(3, "deleted", 10);
    expect(await list("moved", { agent: "8" })).toEqual([["1", "2"]]);
  });

  it("are read in the order of an index, whatever the agent has of them", async () => {
    await sql`
      insert into agent_associations (account_id, ticket_id, agent_id, rules, updated_at)
      select 'many', id::text, (id % 3)::text, array['assignee'], now() - id * interval '1 minute'
      from generate_series(1, 30000) as id`.execute(db);
    await sql`
      insert into qa_conversations (account_id, ticket_id, status, tags, custom_fields, created_at, source_updated_at,
        observed_at, captured_at, captures, message_count)
      select account_id, ticket_id, 'open', '{}', '[]', updated_at, updated_at, updated_at, updated_at, 1, 0
      from agent_associations where account_id = 'many'`.execute(db);
    const store = openAgentStore(db, "many");
    await store.change(["assignee"]);
    await db
      .updateTable("agent_rules")
      .set({ state: "finished", computed_at: new Date() })
      .where("account_id", "=", "many")
      .execute();
    await sql`analyze agent_associations, qa_conversations`.execute(db);
    const place = { updatedAt: new Date().toISOString(), ticketId: "5" };
    for (const wanted of [{ agent: "1" }, { agent: "1", after: place }]) {
      const { conversations, order } = await visibleConversations(db, "many", undefined, wanted);
      const plan = await conversations
        .select("c.ticket_id")
        .orderBy(sql.ref(order[0]), "desc")
        .orderBy(sql.ref(order[1]), "desc")
        .limit(51)
        .explain("json");
      const text = JSON.stringify(plan);
      expect(text).toContain("agent_associations_list");
      expect(text).not.toContain("Sort");
    }
  });
});
