/** A database of its own for a test file: a copy of the migrated template, dropped at the end. */
import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { createDatabase, dropDatabase } from "#platform/db/databases";
import { openDatabase, type OpenDatabase } from "#platform/db/open";
import { onFileFinished } from "./file-end.ts";
import { silentLog } from "./silent-log.ts";

/** Makes a database with every migration and no row. */
export async function freshDatabase(): Promise<OpenDatabase> {
  return copyOf(new URL(inject("templateUrl")).pathname.slice(1));
}

/** The same with the tables of the job queue, as a server leaves it: a server that starts there has less to do. */
export async function servedDatabase(): Promise<OpenDatabase> {
  return copyOf(inject("worldTemplate"));
}

/** Makes a database with nothing in it. */
export async function emptyDatabase(): Promise<OpenDatabase> {
  return copyOf(undefined);
}

async function copyOf(template: string | undefined): Promise<OpenDatabase> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const url = await createDatabase(inject("templateUrl"), name, template);
  const opened = await openDatabase({ databaseUrl: url, dataDir: "", log: silentLog });
  onFileFinished(async () => {
    await opened.close();
    await dropDatabase(url, name);
  });
  return opened;
}
