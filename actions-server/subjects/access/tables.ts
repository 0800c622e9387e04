/** Who may administer: installations of the app and their sessions. */

declare module "#platform/db/schema" {
  interface Database {
    app_installations: AppInstallationTable;
    app_sessions: AppSessionTable;
    app_signed_tokens: AppSignedTokenTable;
  }
}

/** One row for each account: the installation of the app that may open sessions. */
interface AppInstallationTable {
  account_id: string;
  app_id: string;
  installation_id: string;
  /** PEM; the app's public key, so not a secret. */
  public_key: string;
  registered_at: Date;
}

interface AppSessionTable {
  account_id: string;
  token_hash: string;
  user_id: string;
  role: string;
  /** When Zendesk returned the role. */
  role_checked_at: Date;
  expires_at: Date;
  /** Renewals do not extend the session beyond this. */
  ends_at: Date;
}

/** Signed tokens that have been used, kept until they expire. */
interface AppSignedTokenTable {
  account_id: string;
  token_hash: string;
  expires_at: Date;
}
