/** Runs the programs of Postgres on one cluster: make it, start it, read who runs it, stop it. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { PostgresHome } from "./postgres-home.ts";
import { exists } from "./postgres-user.ts";

const run = promisify(execFile);

/** The database user of the embedded cluster, a superuser. */
export const CLUSTER_USER = "caseqa";

const PASSWORD_FILE = "caseqa-password";
const START_TIMEOUT_SECONDS = 60;

/** The password of the cluster's user: in the cluster's own folder, which only the system user of Postgres can enter. */
export async function readPassword(home: PostgresHome): Promise<string> {
  return (await readFile(join(home.cluster, PASSWORD_FILE), "utf8")).trim();
}

async function execute(home: PostgresHome, program: string, args: readonly string[]) {
  const environment: NodeJS.ProcessEnv = { LC_ALL: "C" };
  return run(join(home.programs, program), args, {
    // Postgres complains about a working folder that it cannot enter.
    cwd: dirname(home.programs),
    env: environment,
    windowsHide: true,
    ...(home.user && { uid: home.user.uid, gid: home.user.gid }),
  });
}

/**
 * Makes the cluster when it is absent: in a draft folder that is then renamed, so that nobody ever sees half of one, and
 * of two processes that do so at once one wins.
 */
export async function initialise(home: PostgresHome): Promise<void> {
  if (await exists(home.cluster)) return;
  const draft = `${home.cluster}.${process.pid}-${randomBytes(4).toString("hex")}`;
  const passwordFile = `${draft}.password`;
  const owner = home.user;
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
    if (owner) {
      await chown(draft, owner.uid, owner.gid);
      await chown(passwordFile, owner.uid, owner.gid);
    }
    await execute(home, "initdb", [
      `--pgdata=${draft}`,
      `--username=${CLUSTER_USER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
    ]);
    await rename(passwordFile, join(draft, PASSWORD_FILE));
    await rename(draft, home.cluster);
  } catch (error) {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(home.cluster))) throw error;
  }
}

export interface Running {
  readonly pid: number;
  readonly port: number;
}

/** Whether the number is in use, be it by a zombie; a signal that we may not send proves it. */
function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * After a restart of the machine the number may belong to another program; and in a container, where nobody waits for it, a
 * Postgres that died stays as a zombie. Where there is no /proc, it counts as Postgres.
 */
async function isPostgres(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (stat === undefined) return true;
  // proc_pid_stat(5): number, name in parentheses, state.
  const [, name, state] = /\((.*)\) (.)/s.exec(stat) ?? [];
  return name === "postgres" && state !== "Z" && state !== "X";
}

/** Above every system's largest process number. */
const NOBODY = 2_000_000_000;

/**
 * Postgres itself refuses to start while the number in its file is taken. The rest of the file stays: by it Postgres finds
 * out whether processes of the dead one still use its memory.
 */
async function disown(file: string, lines: readonly string[]): Promise<void> {
  await writeFile(file, [NOBODY, ...lines.slice(1)].join("\n"));
}

/** Who runs the cluster according to its postmaster.pid (line 1 the process, line 4 the port); undefined when nobody does. */
export async function findRunning(home: PostgresHome): Promise<Running | undefined> {
  const file = join(home.cluster, "postmaster.pid");
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!(pid > 0) || !(port > 0)) return undefined;
  if (!isTaken(pid)) return undefined;
  if (await isPostgres(pid)) return { pid, port };
  await disown(file, lines);
  return undefined;
}

/** The port of the latest start, as Postgres keeps its options; undefined: it never was started. */
async function findLastPort(home: PostgresHome): Promise<number | undefined> {
  const options = await readFile(join(home.cluster, "postmaster.opts"), "utf8").catch(() => "");
  const port = Number(/"-p" "(\d+)"/.exec(options)?.[1]);
  return port > 0 ? port : undefined;
}

/** Rejects with EADDRINUSE when the port is taken; 0: any that is free. */
async function reservePort(wanted: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port was found");
  return address.port;
}

/**
 * Starts the cluster on the loopback interface, as a process of its own that outlives us: on `port`, else on the port that
 * it had, so that others find it again, else on a free one. Rejects when another process was faster (look again with
 * `findRunning`), when `port` is taken, or when Postgres refuses; its log is `server.log`.
 */
export async function start(home: PostgresHome, port?: number): Promise<void> {
  const chosen =
    port === undefined
      ? await reservePort((await findLastPort(home)) ?? 0).catch(() => reservePort(0))
      : await reservePort(port);
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
  await execute(home, "pg_ctl", [
    "start",
    "--wait",
    `--timeout=${START_TIMEOUT_SECONDS}`,
    `--pgdata=${home.cluster}`,
    `--log=${join(home.cluster, "server.log")}`,
    `--options=-p ${chosen} ${options.join(" ")}`,
  ]);
}

/** Stops the cluster: open transactions are rolled back, connections closed. */
export async function stop(home: PostgresHome): Promise<void> {
  await execute(home, "pg_ctl", ["stop", "--wait", "--mode=fast", `--pgdata=${home.cluster}`]);
}

/** The end of the cluster's log, for an error message. */
export async function readLogTail(home: PostgresHome): Promise<string> {
  const text = await readFile(join(home.cluster, "server.log"), "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-5).join("\n");
}
