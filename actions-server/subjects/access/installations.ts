/** Which installation of the app each account trusts. */
import { type Kysely } from "kysely";
import { lockByName } from "#platform/db/lock-by-name";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";

export interface StoredInstallation {
  readonly account: string;
  readonly appId: string;
  readonly installationId: string;
  /** PEM. */
  readonly publicKey: string;
}

interface InstallationRow {
  readonly account_id: string;
  readonly app_id: string;
  readonly installation_id: string;
  readonly public_key: string;
}

function toInstallation(row: InstallationRow): StoredInstallation {
  return {
    account: row.account_id,
    appId: row.app_id,
    installationId: row.installation_id,
    publicKey: row.public_key,
  };
}

const COLUMNS = ["account_id", "app_id", "installation_id", "public_key"] as const;

export async function findInstallation(
  db: Kysely<Database>,
  account: string,
): Promise<StoredInstallation | undefined> {
  const row = await db
    .selectFrom("app_installations")
    .select(COLUMNS)
    .where("account_id", "=", account)
    .executeTakeFirst();
  return row && toInstallation(row);
}

/** The account that the installation belongs to; no two accounts share one. */
export async function findInstallationById(
  db: Kysely<Database>,
  installationId: string,
): Promise<StoredInstallation | undefined> {
  const row = await db
    .selectFrom("app_installations")
    .select(COLUMNS)
    .where("installation_id", "=", installationId)
    .executeTakeFirst();
  return row && toInstallation(row);
}

/**
 * Replaces the account's installation. A different one, or a different key, ends every session that the old one opened. The
 * same one again changes nothing. Throws INSTALLATION_TAKEN.
 */
export async function registerInstallation(
  db: Kysely<Database>,
  installation: StoredInstallation,
  now: Date,
): Promise<void> {
  const { account, appId, installationId, publicKey } = installation;
  await db.transaction().execute(async (trx) => {
    // One at a time over all accounts, because nothing may come between the check and the write.
    await lockByName(trx, "app_installations");
    const owner = await findInstallationById(trx, installationId);
    if (owner && owner.account !== account) {
      const text = `the installation ${installationId} belongs to another account of this server`;
      throw new AppError("INSTALLATION_TAKEN", text);
    }
    if (owner?.appId === appId && owner.publicKey === publicKey) return;
    const row = {
      app_id: appId,
      installation_id: installationId,
      public_key: publicKey,
      registered_at: now,
    };
    await trx
      .insertInto("app_installations")
      .values({ account_id: account, ...row })
      .onConflict((conflict) => conflict.column("account_id").doUpdateSet(row))
      .execute();
    await trx.deleteFrom("app_sessions").where("account_id", "=", account).execute();
  });
}
