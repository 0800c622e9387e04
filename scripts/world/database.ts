/** A database of its own for one run of the world: made fresh, dropped at the end. */
import { randomUUID } from "node:crypto";
import { createDatabase, dropDatabase, dropOrphans } from "#platform/db/databases";
import { openEmbedded } from "#platform/db/embedded";

/** Followed by the time of its making: a killed world cannot drop its database, a later one does. */
const PREFIX = "caseqa_world_";

/** Younger ones may belong to a world that has made its database and is about to connect. */
const LEFT_BEHIND_MS = 10 * 60_000;

function isLeftBehind(name: string): boolean {
  const made = new RegExp(`^${PREFIX}(\\d+)_`).exec(name)?.[1];
  return made !== undefined && Date.now() - Number(made) > LEFT_BEHIND_MS;
}

export interface WorldDatabase {
  readonly url: string;
  /** Drops the database, and leaves the embedded Postgres when that is where it was. */
  drop(): Promise<void>;
}

/**
 * On the Postgres of `databaseUrl`; undefined: on the embedded one of `dataDir`, which it starts or joins.
 *
 * @param template a database of `databaseUrl` to copy, to which nobody is connected; undefined: it begins empty
 */
export async function createWorldDatabase(
  databaseUrl: string | undefined,
  dataDir: string,
  template?: string,
): Promise<WorldDatabase> {
  const name = `${PREFIX}${Date.now()}_${randomUUID().slice(0, 8)}`;
  if (databaseUrl !== undefined) {
    try {
      const url = await createDatabase(databaseUrl, name, template);
      return { url, drop: () => dropDatabase(databaseUrl, name) };
    } catch (cause) {
      // The URL itself holds a password and is not shown.
      const reason = (cause as Error).message;
      throw new Error(`DATABASE_URL leads to no Postgres that can be used: ${reason}`, { cause });
    }
  }
  const cluster = await openEmbedded(dataDir);
  try {
    await dropOrphans(cluster.urlOf("postgres"), isLeftBehind);
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
