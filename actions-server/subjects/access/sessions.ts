/** The app's sessions: opened for a token that Zendesk signed, short-lived, and valid on every instance of the server. */
import { sql, type Kysely, type Selectable } from "kysely";
import type { Role } from "#contract/routes/route";
import type { Database } from "#platform/db/schema";
import { createDeadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import type { RoleCaller } from "#platform/http/json-routes";
import type { FindSession } from "./role-check.ts";
import { findInstallationById } from "./installations.ts";
import { hashToken, newSessionToken, type SessionToken } from "./session-token.ts";
import { claimedInstallation, readSignedToken } from "./signed-token.ts";
import type { FindRole, FoundRole } from "./users.ts";

interface SessionsOptions {
  readonly db: Kysely<Database>;
  readonly now: () => Date;
  readonly findRole: FindRole;
  /** Of the Zendesk account. */
  readonly subdomain: string;
}

interface OpenedSession {
  readonly token: string;
  readonly account: string;
  readonly role: Role;
  readonly expiresAt: Date;
}

export interface Sessions {
  /** Accepts a signed token, once. Throws SESSION_UNTRUSTED, FORBIDDEN and ZENDESK_ errors. */
  open(signed: string, requestId: string): Promise<OpenedSession>;
  readonly find: FindSession;
  /** Extends a session by an hour, up to twelve hours after it was opened; asks Zendesk for the role again. Throws UNAUTHORIZED. */
  renew(token: SessionToken, requestId: string): Promise<RoleCaller>;
}

const SESSION_MS = 3_600_000;
const LONGEST_MS = 12 * SESSION_MS;
/** A role that was removed in Zendesk ends here after this time at the latest, as long as Zendesk answers. */
const ROLE_BELIEVED_MS = 300_000;
/** How long Zendesk may take to return a role. */
const ROLE_BUDGET_MS = 5_000;

const ENDED = "the session is unknown or has ended: open the app again";

type Row = Selectable<Database["app_sessions"]>;

const laterBy = (date: Date, ms: number) => new Date(date.getTime() + ms);
const earlier = (a: Date, b: Date) => (a < b ? a : b);

export function createSessions({ db, now, findRole, subdomain }: SessionsOptions): Sessions {
  async function askRole(userId: string, requestId: string): Promise<FoundRole> {
    const deadline = createDeadline(ROLE_BUDGET_MS);
    try {
      return await findRole(userId, { deadline, requestId, priority: "agent" });
    } finally {
      deadline.clear();
    }
  }

  async function verify(signed: string) {
    const installationId = claimedInstallation(signed);
    if (installationId === undefined) {
      throw new AppError("SESSION_UNTRUSTED", "the form holds no token of Zendesk for an app");
    }
    const installation = await findInstallationById(db, installationId);
    if (!installation) {
      throw new AppError(
        "SESSION_UNTRUSTED",
        `the installation ${installationId} is not registered with this server`,
      );
    }
    const read = await readSignedToken({ token: signed, installation, subdomain, now: now() });
    if (!read.ok) throw new AppError("SESSION_UNTRUSTED", `Zendesk's token: ${read.problem}`);
    return { ...read, installation };
  }

  function rowOf({ account, token }: SessionToken) {
    return db
      .selectFrom("app_sessions")
      .selectAll()
      .where("account_id", "=", account)
      .where("token_hash", "=", hashToken(token))
      .where("expires_at", ">", now())
      .executeTakeFirst();
  }

  async function drop({ account_id, token_hash }: Row): Promise<void> {
    await db
      .deleteFrom("app_sessions")
      .where("account_id", "=", account_id)
      .where("token_hash", "=", token_hash)
      .execute();
  }

  /** Undefined: the user may no longer do anything, and the session is gone. Throws ZENDESK_ errors. */
  async function recheck(row: Row, requestId: string, expiresAt: Date): Promise<Row | undefined> {
    const { role, answeredAt } = await askRole(row.user_id, requestId);
    if (role === undefined) {
      await drop(row);
      return undefined;
    }
    const changes = { role, role_checked_at: answeredAt, expires_at: expiresAt };
    const kept = await db
      .updateTable("app_sessions")
      .set(changes)
      .where("account_id", "=", row.account_id)
      .where("token_hash", "=", row.token_hash)
      .executeTakeFirst();
    // Another installation has ended it in the meantime.
    return kept.numUpdatedRows === 0n ? undefined : { ...row, ...changes };
  }

  async function freshRole(row: Row): Promise<Row | undefined> {
    if (laterBy(row.role_checked_at, ROLE_BELIEVED_MS) > now()) return row;
    try {
      return await recheck(row, "role", row.expires_at);
    } catch (error) {
      // While Zendesk is unavailable the last known role counts; the session ends within the hour.
      if (error instanceof AppError && error.retryable) return row;
      throw error;
    }
  }

  return {
    async open(signed, requestId) {
      const { userId, id, expiresAt: signedUntil, installation } = await verify(signed);
      const { account } = installation;
      const { role, answeredAt } = await askRole(userId, requestId);
      if (role === undefined) {
        throw new AppError("FORBIDDEN", "only agents and administrators of the account may use it");
      }
      const token = newSessionToken(account);
      const opened = now();
      const expiresAt = laterBy(opened, SESSION_MS);
      await db.transaction().execute(async (trx) => {
        const taken = await trx
          .insertInto("app_signed_tokens")
          .values({ account_id: account, token_hash: hashToken(id), expires_at: signedUntil })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (taken.numInsertedOrUpdatedRows === 0n) {
          throw new AppError("SESSION_UNTRUSTED", "Zendesk's token was used already");
        }
        // A concurrent registration ends every session, so this one must not survive it.
        const { rows } = await sql`select 1 from app_installations where account_id = ${account}
          and installation_id = ${installation.installationId}
          and public_key = ${installation.publicKey} for share`.execute(trx);
        if (rows.length === 0) {
          throw new AppError("SESSION_UNTRUSTED", "the installation was replaced just now");
        }
        await trx
          .insertInto("app_sessions")
          .values({
            account_id: account,
            token_hash: hashToken(token),
            user_id: userId,
            role,
            role_checked_at: answeredAt,
            expires_at: expiresAt,
            ends_at: laterBy(opened, LONGEST_MS),
          })
          .execute();
      });
      return { token, account, role, expiresAt };
    },
    async find(token) {
      const row = await rowOf(token);
      const fresh = row && (await freshRole(row));
      return fresh ? { known: true, ...toCaller(fresh) } : { known: false, problem: ENDED };
    },
    async renew(token, requestId) {
      const row = await rowOf(token);
      const expiresAt = row && earlier(laterBy(now(), SESSION_MS), row.ends_at);
      const renewed = row && expiresAt && (await recheck(row, requestId, expiresAt));
      if (!renewed) throw new AppError("UNAUTHORIZED", ENDED);
      return toCaller(renewed);
    },
  };
}

export async function purgeSessions(db: Kysely<Database>, now: Date): Promise<void> {
  await db.deleteFrom("app_sessions").where("expires_at", "<=", now).execute();
  await db.deleteFrom("app_signed_tokens").where("expires_at", "<=", now).execute();
}

function toCaller(row: Row): RoleCaller {
  const role: Role = row.role === "admin" ? "admin" : "agent";
  return { account: row.account_id, role, userId: row.user_id, expiresAt: row.expires_at };
}
