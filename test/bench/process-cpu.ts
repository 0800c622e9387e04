/** CPU time of processes that cannot be asked, from /proc: what wall-clock time on a busy machine does not show. */
import { readdir, readFile } from "node:fs/promises";
import { Client } from "pg";

/** proc_pid_stat(5), in fields after the name: the parent, and the times of the process and of its children that ended. */
const PARENT = 1;
const TIMES = [11, 12, 13, 14] as const;
/** A clock tick (USER_HZ) is 10 ms on every Linux. */
const TICK_MS = 10;

async function readStat(pid: string): Promise<string[] | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

async function findPostmaster(databaseUrl: string): Promise<string | undefined> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    return (await readStat(String(rows[0]?.pid)))?.[PARENT];
  } finally {
    await client.end();
  }
}

/** Reads the milliseconds that a Postgres on this machine has worked so far, all its processes; NaN where there is no /proc. */
export async function watchPostgresCpu(databaseUrl: string): Promise<() => Promise<number>> {
  const postmaster = await findPostmaster(databaseUrl);
  return async () => {
    if (postmaster === undefined) return Number.NaN;
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const stats = await Promise.all(
      pids.map(async (pid) => {
        const stat = await readStat(pid);
        return pid === postmaster || stat?.[PARENT] === postmaster ? stat : undefined;
      }),
    );
    const ticks = stats.flatMap((stat) => (stat ? TIMES.map((at) => Number(stat[at])) : []));
    return ticks.reduce((sum, each) => sum + each, 0) * TICK_MS;
  };
}
