/** Are groups, their members and fields stored as the account has them, and kept when they are gone? */
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { OpenDatabase } from "#platform/db/open";
import { createOutbound } from "#platform/outbound/send";
import { Secret } from "#platform/secret";
import { createAccountLists } from "#remotes/zendesk/account-lists";
import { createZendeskClient } from "#remotes/zendesk/client";
import { apiTokenCredentials } from "#remotes/zendesk/credentials";
import { createDirectory } from "#subjects/directory/module";
import { storeDirectory, type DirectoryLists } from "#subjects/directory/directory-store";
import { createDirectoryRoutes } from "#subjects/directory/routes";
import { freshDatabase } from "#test/support/postgres";
import { startWorld } from "#test/support/world";

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});
beforeEach(async () => {
  await database.pool.query("truncate qa_groups, qa_group_members, qa_fields");
});

const LISTS: DirectoryLists = {
  groups: [
    { id: "1", name: "Couriers", isDeleted: false },
    { id: "2", name: "Refunds", isDeleted: false },
  ],
  memberships: [
    { userId: "10", groupId: "1", isDefault: true },
    { userId: "11", groupId: "1", isDefault: false },
  ],
  fields: [
    {
      id: "77",
      type: "tagger",
      title: "Tier",
      isActive: true,
      options: [{ value: "gold", label: "Gold\0" }],
    },
  ],
};
const at = (minute: number) => new Date(Date.UTC(2026, 10, 30, 8, minute));
const store = (lists: Partial<DirectoryLists>, minute: number, account = "acme") =>
  storeDirectory(database.db, account, { ...LISTS, ...lists }, at(minute));

async function read(account = "acme") {
  const routes = createDirectoryRoutes(database.db);
  const asked = { account } as never;
  const { groups } = await routes.groups(asked);
  const { fields } = await routes.fields(asked);
  return { groups, fields };
}

describe("storeDirectory", () => {
  it("stores whole lists, and what Postgres would refuse", async () => {
    await store({}, 0);
    expect(await read()).toEqual({
      groups: [
        { id: "1", name: "Couriers", removed_at: null, members: ["10", "11"] },
        { id: "2", name: "Refunds", removed_at: null, members: [] },
      ],
      fields: [
        {
          id: "77",
          type: "tagger",
          title: "Tier",
          options: [{ value: "gold", label: "Gold\ufffd" }],
          is_active: true,
          removed_at: null,
        },
      ],
    });
  });

  it("follows renames, and marks what is gone with the time when it was first missed", async () => {
    await store({}, 0);
    const fewer = { groups: [{ id: "1", name: "Couriers 2", isDeleted: false }], fields: [] };
    await store({ ...fewer, memberships: [] }, 1);
    await store({ ...fewer, memberships: [] }, 2);
    const { groups, fields } = await read();
    expect(groups).toEqual([
      { id: "1", name: "Couriers 2", removed_at: null, members: [] },
      { id: "2", name: "Refunds", removed_at: at(1).toISOString(), members: [] },
    ]);
    expect(fields).toMatchObject([{ id: "77", removed_at: at(1).toISOString() }]);
    await store({}, 3);
    expect((await read()).groups[1]).toMatchObject({ removed_at: null });
  });

  it("never goes back to lists that were read earlier", async () => {
    await store({ groups: [{ id: "1", name: "New", isDeleted: false }] }, 5);
    await store({}, 4);
    expect((await read()).groups).toMatchObject([{ name: "New" }]);
  });

  it("is the same whoever comes first, and keeps accounts apart", async () => {
    await store({}, 0, "other");
    const all = [1, 2, 3, 4, 5].map((minute) =>
      store({ groups: [{ id: "1", name: `Group ${minute}`, isDeleted: false }] }, minute),
    );
    await Promise.all(all);
    expect((await read()).groups).toMatchObject([{ name: "Group 5", removed_at: null }]);
    expect((await read("other")).groups).toHaveLength(2);
  });
});

it("reads the account's own lists, page by page, by a job of each hour", async () => {
  const world = await startWorld({ tickets: 5 });
  const { url, adminEmail, apiToken } = world.card.zendesk;
  const outbound = createOutbound();
  onTestFinished(() => outbound.close());
  const credentials = apiTokenCredentials(adminEmail, new Secret(apiToken));
  const client = createZendeskClient({ origin: url, credentials, outbound, random: () => 0 });
  const { db } = database;
  const directory = createDirectory({
    db,
    lists: createAccountLists(client),
    accounts: async () => ["acme"],
    now: () => at(0),
    newId: () => "id",
  });
  await directory.readAll();
  const { groups, fields } = await read();
  const named = (rows: readonly { readonly name: string }[]) =>
    rows.map(({ name }) => name).toSorted();
  expect(named(groups)).toEqual(named(world.data.zendesk.groups));
  expect(groups.flatMap(({ members }) => members).length).toBeGreaterThan(0);
  expect(fields).toHaveLength(world.data.zendesk.ticketFields.length);
  expect(fields.flatMap(({ options }) => options).length).toBeGreaterThan(0);
});
