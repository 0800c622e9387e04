/** Are the settings in force the newest good ones on a real Postgres, whatever arrives, and in whatever order? */
import type { Kysely, Transaction } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import type { ApplySettingsReply } from "#contract/actions/apply-settings";
import { DEFAULT_SETTINGS, type Settings } from "#contract/settings/settings";
import type { Database } from "#platform/db/schema";
import { applySettings } from "#subjects/settings/apply-settings";
import { readSettingsInForce } from "#subjects/settings/history";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";
import { runCommit } from "../../../../support/run-commit.ts";

let db: Kysely<Database>;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

const NOW = new Date("2026-11-25T08:00:00Z");

const followed: [string, number][] = [];
const deps = {
  now: () => NOW,
  follow: async (_trx: Transaction<Database>, account: string, settings: Settings) =>
    void followed.push([account, settings.revision]),
};

async function apply(
  account: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<ApplySettingsReply> {
  const context = { account, log: silentLog };
  const work = await applySettings(deps, { settings }, context);
  const answer = await db.transaction().execute(async (trx) => runCommit(work, trx));
  return answer ?? work.answer;
}

const revision = (number: number, changes: object = {}) => ({
  ...DEFAULT_SETTINGS,
  revision: number,
  ...changes,
});

const history = (account: string) =>
  db
    .selectFrom("settings_history")
    .select(["revision", "document", "applied_at"])
    .where("account_id", "=", account)
    .orderBy("serial")
    .execute();

describe("applySettings", () => {
  it("lets others follow what is in force, also when it is the same again, but nothing outdated", async () => {
    for (const number of [4, 4, 3]) await apply("follow", revision(number));
    expect(followed.filter(([account]) => account === "follow")).toEqual([
      ["follow", 4],
      ["follow", 4],
    ]);
  });

  it("takes over the first settings, and the same again changes nothing", async () => {
    expect(await readSettingsInForce(db, "first")).toBeUndefined();
    expect(await apply("first", revision(4))).toEqual({
      outcome: "applied",
      revision: 4,
      problem: "",
    });
    expect(await apply("first", revision(4))).toEqual({
      outcome: "unchanged",
      revision: 4,
      problem: "",
    });
    expect(await history("first")).toEqual([
      { revision: 4, document: revision(4), applied_at: NOW },
    ]);
    expect(await readSettingsInForce(db, "first")).toEqual(revision(4));
  });

  it("keeps every settings that were in force, and refuses older ones", async () => {
    await apply("history", revision(1));
    await apply("history", revision(3, { enabled: false }));
    expect(await apply("history", revision(2, { on_ambiguous: "tag" }))).toEqual({
      outcome: "outdated",
      revision: 3,
      problem: "",
    });
    expect((await history("history")).map((row) => row.revision)).toEqual([1, 3]);
    expect(await readSettingsInForce(db, "history")).toMatchObject({ enabled: false });
  });

  it("takes the last of two saves of one revision, and keeps both", async () => {
    await apply("twins", revision(2, { on_ambiguous: "tag" }));
    expect(await apply("twins", revision(2, { on_ambiguous: "nothing" }))).toMatchObject({
      outcome: "applied",
      revision: 2,
    });
    expect((await history("twins")).map(({ document }) => document["on_ambiguous"])).toEqual([
      "tag",
      "nothing",
    ]);
    expect(await readSettingsInForce(db, "twins")).toMatchObject({ on_ambiguous: "nothing" });
  });

  it("brings version 1 to the form of today", async () => {
    const first = {
      version: 1,
      enabled: true,
      ignore_tags: [],
      case_number_field_id: 77,
      case_external_id_field: null,
    };
    expect(await apply("migrated", first)).toMatchObject({ outcome: "applied", revision: 1 });
    expect(await readSettingsInForce(db, "migrated")).toEqual({
      ...DEFAULT_SETTINGS,
      ...first,
      version: 4,
    });
  });

  it("leaves the last good settings in force when the next are wrong", async () => {
    expect(await apply("wrong", { version: 9 })).toEqual({
      outcome: "rejected",
      revision: null,
      problem: "version: expected one of 1, 2, 3, 4, found 9",
    });
    await apply("wrong", revision(1));
    expect(await apply("wrong", revision(2, { match_order: ["phone"] }))).toEqual({
      outcome: "rejected",
      revision: 1,
      problem:
        'settings.match_order[0] must be "case_number" or must be "external_id" or must be "requester_email"',
    });
    expect(await readSettingsInForce(db, "wrong")).toEqual(revision(1));
  });

  it("keeps accounts apart", async () => {
    await apply("ours", revision(5));
    expect(await apply("theirs", revision(1))).toMatchObject({ outcome: "applied" });
    expect(await readSettingsInForce(db, "ours")).toMatchObject({ revision: 5 });
  });

  it("ends at the newest of many that arrive at once, each kept once", async () => {
    const revisions = Array.from({ length: 20 }, (_, index) => ((index * 7) % 10) + 1);
    const replies = await Promise.all(revisions.map((number) => apply("crowd", revision(number))));
    expect(await readSettingsInForce(db, "crowd")).toMatchObject({ revision: 10 });
    const kept = (await history("crowd")).map((row) => row.revision);
    expect(kept).toEqual(kept.toSorted((left, right) => left - right));
    expect(new Set(kept).size).toBe(kept.length);
    expect(replies.filter(({ outcome }) => outcome === "applied")).toHaveLength(kept.length);
  });

  it("waits for settings that are not committed yet", async () => {
    const context = { account: "slow", log: silentLog };
    const work = await applySettings(deps, { settings: revision(2) }, context);
    const gate = Promise.withResolvers<void>();
    const first = db.transaction().execute(async (trx) => {
      await runCommit(work, trx);
      await gate.promise;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const older = apply("slow", revision(1));
    await new Promise((resolve) => setTimeout(resolve, 200));
    gate.resolve();
    await first;
    expect(await older).toMatchObject({ outcome: "outdated", revision: 2 });
  });

  it("stores what Postgres would refuse", async () => {
    await apply("odd", revision(1, { ignore_tags: ["NUL \0"] }));
    expect(await readSettingsInForce(db, "odd")).toMatchObject({ ignore_tags: ["NUL \ufffd"] });
  });

  it("goes back to what it can read when a newer server left what it cannot", async () => {
    await apply("downgraded", revision(1));
    await db
      .insertInto("settings_history")
      .values({
        account_id: "downgraded",
        revision: 2,
        document: JSON.stringify({ version: 99 }),
        fingerprint: "other",
        applied_at: NOW,
      })
      .execute();
    expect(await readSettingsInForce(db, "downgraded")).toEqual(revision(1));
  });

  it("leaves no trace of one that is rolled back", async () => {
    const context = { account: "rolled", log: silentLog };
    const work = await applySettings(deps, { settings: revision(1) }, context);
    await expect(
      db.transaction().execute(async (trx) => {
        await runCommit(work, trx);
        throw new Error("the record could not be completed");
      }),
    ).rejects.toThrow("could not be completed");
    expect(await readSettingsInForce(db, "rolled")).toBeUndefined();
  });
});
