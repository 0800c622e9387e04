/** Do values follow their tickets and people, whatever becomes of fields, options and types? */
import { sql, type Kysely } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import type { Database } from "#platform/db/schema";
import { freshDatabase } from "#test/support/postgres";
import { openAttributeDesk, textOf } from "./attribute-desk.ts";

let db: Kysely<Database>;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

describe("values of tickets", () => {
  it("are stored with their ticket: typed, and the raw value beside them", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("score", {
      ...textOf("1"),
      type: "number",
      steps: [{ do: "scale", multiply: 20 }],
    });
    await desk.define("when", {
      ...textOf("2"),
      type: "instant",
      steps: [{ do: "date", zone: "UTC" }],
    });
    await desk.define("vip", { ...textOf("3"), type: "boolean" });
    await desk.define("topics", { ...textOf("4"), type: "texts" });
    await desk.define("state", textOf("status"));
    await desk.putTicket("7", { "1": "4", "2": "2026-11-30", "3": true, "4": ["a", "b"] });
    expect(await desk.stored("7")).toMatchObject([
      { attribute_id: "score", version: 1, number_value: 80, text_value: null, raw: { "1": "4" } },
      { attribute_id: "state", text_value: "solved", raw: { status: "solved" } },
      { attribute_id: "topics", texts_value: ["a", "b"], raw: { "4": ["a", "b"] } },
      { attribute_id: "vip", boolean_value: true, problem: null },
      { attribute_id: "when", instant_value: new Date("2026-11-30T00:00:00Z") },
    ]);
  });

  it("keep texts that Postgres does not take whole", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("a", textOf("1"));
    await desk.putTicket("7", { "1": "ok" });
    await sql`update qa_conversations set custom_fields = ${JSON.stringify([{ id: "1", value: "a😀b" }])}::jsonb
      where account_id = ${desk.account}`.execute(db);
    await desk.define(
      "half",
      textOf("1", [
        { do: "split", by: "\ude00" },
        { do: "join", with: "\0" },
        { do: "rename", to: "half" },
      ]),
    );
    await desk.rerun("half");
    expect(await desk.valueOf("7", "half")).toMatch(/^a.*b$/u);
  });

  it("are one for each of two fields with one title", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("tier-1", textOf("360001"));
    await desk.define("tier-2", textOf("360002"));
    await desk.putTicket("7", { "360001": "gold", "360002": "tin" });
    const named = await desk.values.valuesOf(db, desk.account, "ticket", ["7", "8"]);
    expect([...named]).toEqual([
      [
        "7",
        [
          { attribute_id: "tier-1", name: "360001", label: "Tier", value: "gold" },
          { attribute_id: "tier-2", name: "360002", label: "Tier", value: "tin" },
        ],
      ],
    ]);
  });

  it("cannot have the same name twice, in one subject", async () => {
    const desk = openAttributeDesk(db);
    const renamed = (field: string) => textOf(field, [{ do: "rename", to: "tier" }]);
    await desk.define("one", renamed("1"));
    expect(await desk.define("two", renamed("2"))).toEqual({ outcome: "name_taken", by: "one" });
    expect(await desk.define("three", { ...renamed("name"), subject: "user" })).toMatchObject({
      outcome: "activated",
    });
  });

  it("keep the label of an option that was removed, and show a new one as it is", async () => {
    const desk = openAttributeDesk(db);
    const label = { do: "label" as const, options: { tier_gold: "Gold", tier_old: "Old" } };
    await desk.define("tier", textOf("1", [label]));
    await desk.putTicket("7", { "1": "tier_old" });
    await desk.putTicket("8", { "1": "tier_new" });
    expect([await desk.valueOf("7", "tier"), await desk.valueOf("8", "tier")]).toEqual([
      "Old",
      "tier_new",
    ]);
  });

  it("become none where the field is emptied", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("tier", textOf("1"));
    await desk.putTicket("7", { "1": "gold" });
    await desk.putTicket("7", { "1": null });
    expect(await desk.stored("7")).toMatchObject([
      { text_value: null, raw: { "1": null }, problem: null },
    ]);
  });

  it("are none with a reason where the type is wrong, and what was wrong stays as raw value", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("score", { ...textOf("1"), type: "number" });
    await desk.putTicket("7", { "1": "many" });
    expect(await desk.stored("7")).toMatchObject([
      { number_value: null, problem: "not_a_number", problem_step: 1, raw: { "1": "many" } },
    ]);
    await desk.putTicket("7", { "1": "5" });
    expect(await desk.stored("7")).toMatchObject([
      { number_value: 5, problem: null, problem_step: null },
    ]);
  });

  it("survive that the field becomes another type", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("score", textOf("1"));
    await desk.putTicket("7", { "1": "5" });
    await desk.putTicket("8", { "1": "none yet" });
    await desk.define("score", { ...textOf("1"), type: "number" });
    await desk.rerun("score");
    expect(await desk.stored("7")).toMatchObject([
      { version: 2, text_value: null, number_value: 5, raw: { "1": "5" } },
    ]);
    expect(await desk.stored("8")).toMatchObject([
      { version: 2, problem: "not_a_number", raw: { "1": "none yet" } },
    ]);
    await desk.define("score", { ...textOf("1"), label: "Score" });
    await desk.rerun("score");
    expect(await desk.valueOf("8", "score")).toBe("none yet");
  });

  it("survive that the field is removed: the raw value stays, the definition says missing", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("tier", textOf("1"));
    expect((await desk.report("tier")).source).toBe("unknown");
    await desk.putTicket("7", { "1": "gold" });
    expect((await desk.report("tier")).source).toBe("present");
    for (const id of ["7", "8", "9"]) await desk.putTicket(id, { "2": "x" });
    expect((await desk.report("tier")).source).toBe("missing");
    expect(await desk.valueOf("7", "tier")).toBe("gold");
    expect(await desk.stored("8")).toEqual([]);
    // A later version is computed from what was seen.
    await desk.define("tier", textOf("1", [{ do: "label", options: { gold: "Gold" } }]));
    await desk.rerun("tier");
    expect(await desk.stored("7")).toMatchObject([
      { version: 2, text_value: "Gold", raw: { "1": "gold" } },
    ]);
    await desk.putTicket("7", { "1": "tin" });
    expect(await desk.valueOf("7", "tier")).toBe("tin");
  });

  it("are forgotten with what is erased, and never come back", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("tier", textOf("1"));
    await desk.putTicket("7", { "1": "gold" });
    await desk.putTicket("8", { "1": "tin" });
    await desk.erase("7");
    await db
      .transaction()
      .execute((trx) => desk.values.store(trx, desk.account, { tickets: ["7"] }));
    await desk.rerun("tier");
    expect(await desk.stored("7")).toEqual([]);
    expect(await desk.valueOf("8", "tier")).toBe("tin");
  });
});

describe("values of people", () => {
  it("are of users all, of agents only where they are agents", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("user-name", { ...textOf("name"), subject: "user" });
    await desk.define("agent-name", { ...textOf("name"), subject: "agent" });
    await desk.putPerson("5", "agent", "Ann");
    await desk.putPerson("6", "end-user", "Bob");
    expect((await desk.stored("5")).map((one) => [one.subject, one.text_value])).toEqual([
      ["agent", "Ann"],
      ["user", "Ann"],
    ]);
    expect(await desk.valueOf("6", "user-name", "user")).toBe("Bob");
    expect(await desk.valueOf("6", "agent-name", "agent")).toBeUndefined();
  });

  it("are of their own account only", async () => {
    const [one, two] = [openAttributeDesk(db), openAttributeDesk(db)];
    await one.define("tier", textOf("1"));
    await two.putTicket("7", { "1": "gold" });
    await one.putTicket("7", { "1": "tin" });
    expect(await two.stored("7")).toEqual([]);
    expect(await two.valueOf("7", "tier")).toBeUndefined();
  });
});

describe("storing", () => {
  it("twice writes nothing the second time", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("tier", textOf("1"));
    await desk.putTicket("7", { "1": "gold" });
    const version = () =>
      sql<{
        xmin: string;
      }>`select xmin::text from attribute_values where account_id = ${desk.account}`.execute(db);
    const before = await version();
    await db
      .transaction()
      .execute((trx) => desk.values.store(trx, desk.account, { tickets: ["7"] }));
    expect((await version()).rows).toEqual(before.rows);
  });

  it("many at once ends with each ticket's newest state", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("tier", textOf("1"));
    await Promise.all(
      Array.from({ length: 30 }, (_, turn) =>
        desk.putTicket(String(turn % 3), { "1": `tier-${turn}` }),
      ),
    );
    for (const id of ["0", "1", "2"]) {
      const row = await db
        .selectFrom("qa_conversations")
        .select("custom_fields")
        .where("account_id", "=", desk.account)
        .where("ticket_id", "=", id)
        .executeTakeFirstOrThrow();
      expect(await desk.valueOf(id, "tier")).toBe(row.custom_fields[0]?.value);
    }
  });
});

describe("filters", () => {
  it.each([
    ["left(text_value, 100) = 'x'", "texts"],
    ["number_value between 1 and 2", "numbers"],
    ["boolean_value = true", "booleans"],
    ["instant_value > '2026-01-01'", "instants"],
  ])("by %s go by an index that the account leads", async (condition, index) => {
    const plan = await db.connection().execute(async (held) => {
      await sql`set enable_seqscan = off`.execute(held);
      const explained = await sql<{ "QUERY PLAN": string }>`
        explain select subject_id from attribute_values
        where account_id = 'acme' and attribute_id = 'tier' and ${sql.raw(condition)}`.execute(
        held,
      );
      await sql`reset enable_seqscan`.execute(held);
      return explained.rows.map((row) => row["QUERY PLAN"]).join("\n");
    });
    const name =
      { texts: "left", numbers: "number", booleans: "boolean", instants: "instant" }[index] ??
      index;
    expect(plan).toMatch(new RegExp(`Index.*attribute_values_00_account_id_attribute_id_${name}`));
    expect(plan).toMatch(
      /Index Cond: \(\(account_id = 'acme'::text\) AND \(attribute_id = 'tier'::text\) AND/,
    );
  });
});
