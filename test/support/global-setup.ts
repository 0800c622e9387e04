/** Runs once before all test projects: one real Postgres for all, with a migrated template to copy from. */
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { createDatabase, withDatabase } from "../../actions-server/db/databases.ts";
import { openEmbedded } from "../../actions-server/db/embedded.ts";
import { migrate } from "../../actions-server/db/migrate.ts";
import { openDatabase } from "../../actions-server/db/open.ts";
import { silentLog } from "./silent-log.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A database of the cluster that holds every migration; copies of it are what tests use. */
    templateUrl: string;
    /** A folder of this run, for what is made once; removed at the end. */
    runFolder: string;
  }
}

const TEMPLATE = "caseqa_template";

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "caseqa-test-"));
  // As root, Postgres runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const cluster = await openEmbedded(folder);
  const templateUrl = await createDatabase(cluster.urlOf("postgres"), TEMPLATE);
  const template = await openDatabase({
    databaseUrl: withDatabase(templateUrl, TEMPLATE),
    dataDir: folder,
    log: silentLog,
  });
  await migrate(template.db);
  await template.close();
  project.provide("templateUrl", templateUrl);
  const runFolder = join(folder, "shared");
  await mkdir(runFolder);
  project.provide("runFolder", runFolder);
  return async () => {
    await cluster.leave();
    await rm(folder, { recursive: true, force: true });
  };
}
