/** Runs once before all test projects: one real Postgres for all, with migrated templates to copy from. */
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { PgBoss } from "pg-boss";
import type { TestProject } from "vitest/node";
import { createDatabase, withDatabase } from "#platform/db/databases";
import { openEmbedded } from "#platform/db/embedded";
import { migrate } from "#platform/db/migrate";
import { openDatabase } from "#platform/db/open";
import { silentLog } from "./silent-log.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A database of the cluster that holds every migration; copies of it are what tests use. */
    templateUrl: string;
    /** The name of a database of that cluster which holds the job queue's tables too, as a server leaves it. */
    worldTemplate: string;
    /** A folder of this run, for what is made once; removed at the end. */
    runFolder: string;
  }
}

const TEMPLATE = "caseqa_template";
const WORLD_TEMPLATE = "caseqa_served_template";

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "caseqa-test-"));
  // As root, Postgres runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const cluster = await openEmbedded(folder);
  await forgoDurability(cluster.urlOf("postgres"));
  const templateUrl = await createDatabase(cluster.urlOf("postgres"), TEMPLATE);
  const template = await openDatabase({
    databaseUrl: withDatabase(templateUrl, TEMPLATE),
    dataDir: folder,
    log: silentLog,
  });
  await migrate(template.db);
  await template.close();
  project.provide("templateUrl", templateUrl);
  const served = new PgBoss(await createDatabase(templateUrl, WORLD_TEMPLATE, TEMPLATE));
  await served.start();
  await served.stop({ graceful: false });
  project.provide("worldTemplate", WORLD_TEMPLATE);
  const runFolder = join(folder, "shared");
  await mkdir(runFolder);
  project.provide("runFolder", runFolder);
  return async () => {
    await cluster.leave();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Nothing of the cluster has to outlive a crash of the machine; what has to is tested with clusters of its own. */
async function forgoDurability(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("alter system set fsync = off");
  await client.query("alter system set full_page_writes = off");
  // It would go through hundreds of small databases, each of them soon gone.
  await client.query("alter system set autovacuum = off");
  await client.query("select pg_reload_conf()");
  await client.end();
}
