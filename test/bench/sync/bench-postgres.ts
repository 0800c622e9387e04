/** A Postgres of its own for a part of the sync benchmark, gone when the part ends. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbedded } from "../../../actions-server/platform/db/embedded.ts";

export async function withPostgres<T>(use: (adminUrl: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "caseqa-bench-"));
  try {
    // As root, Postgres runs as another user, who has to get in.
    await chmod(folder, 0o755);
    const cluster = await openEmbedded(folder);
    try {
      return await use(cluster.urlOf("postgres"));
    } finally {
      await cluster.leave();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
