/** Are all values of the version in force in the end, however a re-run is stopped, doubled, overtaken or late? */
import { setTimeout as sleep } from "node:timers/promises";
import { sql, type Kysely } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import type { Database } from "#platform/db/schema";
import { runRerun } from "#subjects/attributes/rerun";
import { createRandom } from "#sandbox/data/random";
import { freshDatabase } from "#test/support/postgres";
import { openAttributeDesk, textOf } from "./attribute-desk.ts";

let db: Kysely<Database>;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

const TICKETS = 450;
const LONGER_THAN_A_RERUN_MS = 500;
const upper = { do: "label" as const, options: { gold: "Gold" } };

/** 450 tickets of which no value is computed yet: three pages. */
async function openFullDesk() {
  const desk = openAttributeDesk(db);
  await sql`
    insert into qa_conversations (account_id, ticket_id, status, tags, custom_fields, created_at, source_updated_at,
                                  observed_at, captured_at, captures, message_count)
    select ${desk.account}, serial::text, 'solved', '{}', '[{"id":"1","value":"gold"}]', now(), now(), now(), now(), 1, 0
    from generate_series(1, ${TICKETS}) as serial`.execute(db);
  return desk;
}

async function countsOf({ account }: { readonly account: string }) {
  const rows = await db
    .selectFrom("attribute_values")
    .select((eb) => ["version", "text_value", eb.fn.countAll<string>().as("count")])
    .where("account_id", "=", account)
    .groupBy(["version", "text_value"])
    .orderBy("version")
    .orderBy("count")
    .execute();
  return rows.map((row) => [row.version, row.text_value, Number(row.count)]);
}

describe("a re-run", () => {
  it("begins with the activation, shows how far it is, and computes every row", async () => {
    const desk = await openFullDesk();
    const activated = await desk.define("tier", textOf("1"));
    expect(activated).toMatchObject({
      outcome: "activated",
      rerun: { version: 1, state: "running", rows_done: 0, rows_total: null, finished_at: null },
    });
    expect(desk.asked).toEqual(["tier"]);
    expect(await desk.rerun("tier")).toBe(false);
    expect(await desk.progress("tier")).toMatchObject({
      state: "finished",
      rows_done: TICKETS,
      rows_total: TICKETS,
      problems: 0,
    });
    expect(await countsOf(desk)).toEqual([[1, "gold", TICKETS]]);
  });

  it("goes on after a crash where the last whole page ended, and counts no row twice", async () => {
    const desk = await openFullDesk();
    await desk.define("tier", { ...textOf("1"), type: "number" });
    let pages = 0;
    const readActive: typeof desk.readActive = async (...asked) => {
      pages += 1;
      if (pages === 2) throw new Error("killed");
      return desk.readActive(...asked);
    };
    const attribute = { account: desk.account, id: "tier" };
    await expect(runRerun({ db, readActive, now: desk.now }, attribute)).rejects.toThrow("killed");
    expect(await desk.progress("tier")).toMatchObject({ state: "running", rows_done: 200 });
    await desk.rerun("tier");
    expect(await desk.progress("tier")).toMatchObject({ rows_done: TICKETS, problems: TICKETS });
    expect(await countsOf(desk)).toEqual([[1, null, TICKETS]]);
  });

  it("goes on later when its time is over, and ends a page early where values are costly", async () => {
    const desk = await openFullDesk();
    await desk.define("tier", textOf("1"));
    let minutes = 0;
    const now = () => {
      minutes += 1;
      return new Date(desk.now().getTime() + minutes * 60_000);
    };
    const attribute = { account: desk.account, id: "tier" };
    expect(await runRerun({ ...desk, db, now }, attribute)).toBe(true);
    const { rows_done: done = 0 } = (await desk.progress("tier")) ?? {};
    expect(done).toBeLessThan(200);
    let runs = 1;
    while (await runRerun({ ...desk, db, now }, attribute)) runs += 1;
    expect(runs).toBeGreaterThan(2);
    expect(await desk.progress("tier")).toMatchObject({ state: "finished", rows_done: TICKETS });
  });

  it("does its work once when two run at once, and nothing when it is late", async () => {
    const desk = await openFullDesk();
    await desk.define("tier", textOf("1"));
    await Promise.all([desk.rerun("tier"), desk.rerun("tier"), desk.rerun("tier")]);
    const finished = await desk.progress("tier");
    expect(finished).toMatchObject({ state: "finished", rows_done: TICKETS });
    await desk.rerun("tier");
    expect(await desk.progress("tier")).toEqual(finished);
  });

  it("ends with the newer version when one is activated meanwhile", async () => {
    const desk = await openFullDesk();
    await desk.define("tier", textOf("1"));
    await Promise.all([
      desk.rerun("tier"),
      desk.define("tier", textOf("1", [upper])),
      desk.rerun("tier"),
    ]);
    await desk.rerun("tier");
    expect(await countsOf(desk)).toEqual([[2, "Gold", TICKETS]]);
  });

  it("leaves no value of an earlier version or state while tickets are stored at the same time", async () => {
    const desk = await openFullDesk();
    await desk.define("tier", textOf("1"));
    const put = (from: number) =>
      Promise.all(
        Array.from({ length: 40 }, (_, turn) =>
          desk.putTicket(String(from + turn), { "1": "tin" }),
        ),
      );
    await Promise.all([
      put(TICKETS + 1),
      put(1),
      desk.define("tier", textOf("1", [upper])).then(() => desk.rerun("tier")),
      put(TICKETS + 41),
    ]);
    expect(await countsOf(desk)).toEqual([
      [2, "tin", 120],
      [2, "Gold", TICKETS - 40],
    ]);
  });

  it("stops when its attribute is retired; the values stay, and the same activation starts it again", async () => {
    const desk = await openFullDesk();
    await desk.define("tier", textOf("1"));
    await desk.rerun("tier");
    await desk.define("tier", textOf("1", [upper]));
    await desk.retire("tier");
    await desk.retire("tier");
    await desk.rerun("tier");
    expect(await desk.progress("tier")).toMatchObject({ state: "stopped", rows_done: 0 });
    expect(await countsOf(desk)).toEqual([[1, "gold", TICKETS]]);
    await desk.putTicket("1", { "1": "tin" });
    expect(await countsOf(desk)).toEqual([[1, "gold", TICKETS]]);
    expect(await desk.activateVersion("tier", 2, null)).toMatchObject({ outcome: "activated" });
    await desk.rerun("tier");
    expect(await desk.valueOf("1", "tier")).toBe("tin");
  });
});

describe("two at once", () => {
  it("a version that is activated waits for values that are being stored, and replaces them", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("tier", textOf("1"));
    let activated: Promise<unknown> = Promise.resolve();
    await desk.putTicket("7", { "1": "gold" }, async () => {
      activated = desk.define("tier", textOf("1", [upper])).then(() => desk.rerun("tier"));
      await sleep(LONGER_THAN_A_RERUN_MS);
    });
    await activated;
    expect(await desk.stored("7")).toMatchObject([{ version: 2, text_value: "Gold" }]);
  });

  it("a ticket that changes waits for a page that has read it, and has the last word", async () => {
    const desk = openAttributeDesk(db);
    await desk.putTicket("7", { "1": "gold" });
    await desk.define("tier", textOf("1"));
    let stored: Promise<void> = Promise.resolve();
    const readActive: typeof desk.readActive = async (...asked) => {
      stored = desk.putTicket("7", { "1": "tin" });
      await sleep(LONGER_THAN_A_RERUN_MS);
      return desk.readActive(...asked);
    };
    await runRerun({ db, readActive, now: desk.now }, { account: desk.account, id: "tier" });
    await stored;
    expect(await desk.valueOf("7", "tier")).toBe("tin");
  });
});

describe("any history of tickets, erasures, versions and re-runs at once", () => {
  it.each([1, 2, 3])(
    "ends with the values that the store and the version in force say: seed %i",
    async (seed) => {
      const desk = openAttributeDesk(db);
      await desk.define("tier", textOf("1"));
      const random = createRandom(seed);
      const step = async (turn: number) => {
        const ticket = String(random.integer(0, 11));
        const what = random.next();
        if (what < 0.6) await desk.putTicket(ticket, { "1": `v${turn}` });
        else if (what < 0.7) await desk.putTicket(ticket, {});
        else if (what < 0.8) await desk.erase(ticket);
        else if (what < 0.9) await desk.rerun("tier");
        else await desk.define("tier", textOf("1", [{ do: "mask", keep_last: turn % 4 }]));
      };
      const worker = async (first: number) => {
        for (let turn = first; turn < 240; turn += 6) await step(turn);
      };
      await Promise.all([0, 1, 2, 3, 4, 5].map(worker));
      await desk.rerun("tier");

      const [active] = await desk.readActive(db, desk.account, { id: "tier" });
      const tickets = await db
        .selectFrom("qa_conversations")
        .select(["ticket_id", "custom_fields"])
        .where("account_id", "=", desk.account)
        .execute();
      const values = await db
        .selectFrom("attribute_values")
        .selectAll()
        .where("account_id", "=", desk.account)
        .execute();
      const valueOf = new Map(values.map((row) => [row.subject_id, row]));
      for (const { ticket_id: id, custom_fields: fields } of tickets) {
        const row = valueOf.get(id);
        valueOf.delete(id);
        // A ticket that never had the field has no row; one that lost it keeps what was seen.
        if (fields.length === 0 && !row) continue;
        const raw = fields.length === 0 ? row?.raw : { "1": fields[0]?.value };
        expect(row).toMatchObject({
          version: active?.version,
          raw,
          text_value: active?.compute(raw ?? {}).value?.value,
        });
      }
      expect([...valueOf.keys()]).toEqual([]);
    },
  );
});

describe("putting a version in force", () => {
  it("needs a preview of this version", async () => {
    const desk = openAttributeDesk(db);
    await desk.save("tier", textOf("1"));
    expect(await desk.activateVersion("tier", 1, null)).toEqual({ outcome: "not_previewed" });
    await desk.previewVersion("tier", 1);
    expect(await desk.activateVersion("tier", 1, null)).toMatchObject({ outcome: "activated" });
  });

  it("is done once when it is asked for twice or at once, and changes nothing when it comes late", async () => {
    const desk = openAttributeDesk(db);
    await desk.save("tier", textOf("1"));
    await desk.previewVersion("tier", 1);
    const both = await Promise.all([
      desk.activateVersion("tier", 1, null),
      desk.activateVersion("tier", 1, null),
    ]);
    expect(both[0]).toEqual(both[1]);
    expect(desk.asked).toEqual(["tier"]);
    await desk.define("tier", textOf("1", [upper]));
    expect(await desk.activateVersion("tier", 1, null)).toEqual({
      outcome: "superseded",
      active_version: 2,
    });
    // On purpose, an earlier version can come back.
    expect(await desk.activateVersion("tier", 1, 2)).toMatchObject({ outcome: "activated" });
  });

  it("gives a name to one of two that ask at once", async () => {
    const desk = openAttributeDesk(db);
    const renamed = (field: string) => textOf(field, [{ do: "rename", to: "tier" }]);
    const outcomes = await Promise.all([
      desk.define("one", renamed("1")),
      desk.define("two", renamed("2")),
    ]);
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(["activated", "name_taken"]);
  });
});

describe("saving", () => {
  it("makes one version of what is saved twice or at once, and another of a change", async () => {
    const desk = openAttributeDesk(db);
    const saved = await Promise.all([
      desk.save("tier", textOf("1")),
      desk.save("tier", textOf("1")),
    ]);
    expect(saved.map(({ outcome }) => outcome).toSorted()).toEqual(["saved", "unchanged"]);
    expect(await desk.save("tier", textOf("2"))).toEqual({ outcome: "saved", version: 2 });
    expect(await desk.save("tier", textOf("1"))).toEqual({ outcome: "saved", version: 3 });
    expect((await desk.report("tier")).versions.map(({ version }) => version)).toEqual([3, 2, 1]);
  });

  it("refuses what cannot be computed, and another subject", async () => {
    const desk = openAttributeDesk(db);
    expect(await desk.save("tier", textOf("1", [{ do: "jq", program: "." }]))).toEqual({
      outcome: "refused",
      refusals: [{ step: 1, message: "jq is not available on this server: use the other steps" }],
    });
    await desk.save("tier", textOf("1"));
    expect(await desk.save("tier", { ...textOf("1"), subject: "user" })).toMatchObject({
      outcome: "refused",
      refusals: [{ step: 0 }],
    });
  });
});

describe("a preview", () => {
  it("shows the newest rows as they are and as they would be, and changes none", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("score", { ...textOf("1"), type: "number" });
    for (const [id, value] of [
      ["1", "5"],
      ["2", null],
      ["3", "x"],
    ] as const)
      await desk.putTicket(id, { "1": value });
    const scale = { do: "scale" as const, multiply: 20 };
    await desk.save("score", { ...textOf("1", [scale]), type: "number" });
    const before = await countsOf(desk);
    expect(await desk.previewVersion("score", 2)).toEqual({
      version: 2,
      rows: [
        {
          id: "3",
          raw: { "1": "x" },
          before: null,
          after: null,
          problem: { code: "not_a_number", step: 1 },
        },
        { id: "2", raw: { "1": null }, before: null, after: null, problem: null },
        { id: "1", raw: { "1": "5" }, before: 5, after: 100, problem: null },
      ],
      with_value: 1,
      changed: 1,
      problems: 1,
    });
    expect(await countsOf(desk)).toEqual(before);
  });

  it("shows what stays of a field that was removed", async () => {
    const desk = openAttributeDesk(db);
    await desk.define("tier", textOf("1"));
    await desk.putTicket("1", { "1": "gold" });
    await desk.putTicket("1", {});
    await desk.save("tier", textOf("1", [upper]));
    expect((await desk.previewVersion("tier", 2)).rows).toMatchObject([
      { raw: { "1": "gold" }, after: "Gold" },
    ]);
  });
});
