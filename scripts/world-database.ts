/** A database of its own for one run of the world: made fresh, dropped at the end. */
import { randomUUID } from "node:crypto";
import { createDatabase, dropDatabase } from "../actions-server/db/databases.ts";
import { openEmbedded } from "../actions-server/db/embedded.ts";

export interface WorldDatabase {
  readonly url: string;
  /** Drops the database, and leaves the embedded Postgres when that is where it was. */
  drop(): Promise<void>;
}

/** On the Postgres of `databaseUrl`; undefined: on the embedded one of `dataDir`, which it starts or joins. */
export async function createWorldDatabase(
  databaseUrl: string | undefined,
  dataDir: string,
): Promise<WorldDatabase> {
  const name = `caseqa_${randomUUID().replaceAll("-", "")}`;
  if (databaseUrl !== undefined) {
    const url = await createDatabase(databaseUrl, name);
    return { url, drop: () => dropDatabase(databaseUrl, name) };
  }
  const cluster = await openEmbedded(dataDir);
  try {
    const url = await createDatabase(cluster.urlOf(name), name);
    return {
      url,
      async drop() {
        await dropDatabase(cluster.urlOf("postgres"), name);
        await cluster.leave();
      },
    };
  } catch (error) {
    await cluster.leave();
    throw error;
  }
}
