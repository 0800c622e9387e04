/** Does the database have the form that is written down, after all migrations on an empty one? */
import { expect, it } from "vitest";
import { describeSchema } from "#test/support/describe-schema";
import { freshDatabase } from "#test/support/postgres";

const SNAPSHOT = "../../../../../actions-server/platform/db/schema.sql";

it("has the form of schema.sql, which `npm run schema` writes", async () => {
  const { pool } = await freshDatabase();
  const head = "-- The form of the database after all migrations, written by `npm run schema`.\n\n";
  await expect(head + (await describeSchema(pool))).toMatchFileSnapshot(SNAPSHOT);
});
