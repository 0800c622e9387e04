/** As whom the embedded Postgres runs, and where that user can reach. Postgres refuses to run as root. */
import { execFile } from "node:child_process";
import { access, constants, stat } from "node:fs/promises";
import { dirname, parse } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

const SYSTEM_USER = "postgres";

async function findUser(): Promise<SystemUser | undefined> {
  try {
    const uid = await run("id", ["-u", SYSTEM_USER]);
    const gid = await run("id", ["-g", SYSTEM_USER]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    // `id` exits 1 for an unknown user.
    return undefined;
  }
}

/**
 * The user to become before Postgres is run: undefined when we are not root. As root it is the system user `postgres`,
 * made when the system has none.
 */
export async function findPostgresUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const present = await findUser();
  if (present) return present;
  try {
    await run("useradd", ["--system", "--user-group", "--no-create-home", SYSTEM_USER]);
  } catch (cause) {
    // Another process may have made it in the meantime.
    const made = await findUser();
    if (made) return made;
    throw new Error(
      "Postgres cannot run as root, and the system user `postgres` could not be made: make it, run as another user, or set DATABASE_URL",
      { cause },
    );
  }
  const made = await findUser();
  if (!made) throw new Error("the system user `postgres` was made but is not found");
  return made;
}

/** Whether `user` may pass through every folder above `path`. */
export async function canReach(user: SystemUser | undefined, path: string): Promise<boolean> {
  if (!user) return true;
  let folder = dirname(path);
  for (;;) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === parse(folder).root) return true;
    folder = dirname(folder);
  }
}

export async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
