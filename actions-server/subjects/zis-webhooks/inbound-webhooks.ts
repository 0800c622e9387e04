/** Keeps the one-time credentials of ZIS's inbound webhooks, sealed, and finds the webhook of an account. */
import type { Kysely } from "kysely";
import type { Static } from "typebox";
import { Webhooks } from "#contract/routes/zis-webhooks";
import { CASE_LINK_REQUESTED, SETTINGS_SYNC } from "#contract/webhooks";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import { replyShape } from "#platform/outbound/reply-shape";
import type { Outbound } from "#platform/outbound/send";
import { Secret } from "#platform/secret";
import type { KeyRing } from "#platform/tokens/seal";
import {
  createCaseLinkWebhook,
  createSettingsSyncWebhook,
  type CaseLinkWebhook,
  type SettingsSyncWebhook,
} from "./client.ts";

type WebhookName = keyof Webhooks;
type Target = Static<typeof Webhooks>[WebhookName];

export interface InboundWebhooks {
  /** Stores both or neither. Throws BAD_REQUEST for an address that is not an inbound webhook of ZIS, and SEALING_NOT_CONFIGURED. */
  store(account: string, webhooks: Webhooks): Promise<void>;
  /** Deletes both; does nothing when there are none. */
  forget(account: string): Promise<void>;
  /** Undefined: none is stored. */
  caseLink(account: string): Promise<CaseLinkWebhook | undefined>;
  settingsSync(account: string): Promise<SettingsSyncWebhook | undefined>;
  /** The names of those that are stored, for people. */
  known(account: string): Promise<readonly WebhookName[]>;
}

export interface InboundWebhooksOptions {
  readonly db: Kysely<Database>;
  /** Undefined: nothing can be stored. */
  readonly keys: KeyRing | undefined;
  /** The account's origin. Only the path of a webhook's address is used, so that its credential is sent nowhere else. */
  readonly origin: string;
  readonly outbound: Outbound;
  readonly random: () => number;
  readonly now: () => Date;
}

/** Observed with every webhook that ZIS created (zis-services: "path" of the answer). */
const WEBHOOKS_PATH = "/api/services/zis/inbound_webhooks/";
const NAMES = [SETTINGS_SYNC, CASE_LINK_REQUESTED] as const satisfies readonly WebhookName[];
const readTarget = replyShape(Webhooks.properties.case_link_requested);

export function createInboundWebhooks(options: InboundWebhooksOptions): InboundWebhooks {
  const { db, keys, origin, outbound, random, now } = options;
  const contextOf = (account: string, name: WebhookName) => `${account}:inbound-webhook:${name}`;

  function pathOf(name: WebhookName, { url }: Target): string {
    const path = URL.canParse(url) ? new URL(url).pathname : "";
    if (path.startsWith(WEBHOOKS_PATH)) return path;
    throw new AppError(
      "BAD_REQUEST",
      `${name}.url is not an inbound webhook of ZIS (${WEBHOOKS_PATH}…)`,
    );
  }

  async function find(account: string, name: WebhookName) {
    if (!keys) return undefined;
    const row = await db
      .selectFrom("inbound_webhooks")
      .select("sealed")
      .where("account_id", "=", account)
      .where("name", "=", name)
      .executeTakeFirst();
    const opened = row && keys.open(row.sealed, contextOf(account, name));
    // Sealed by a key that no longer exists: treated as never stored, and the health page says so.
    const read = opened && readTarget(JSON.parse(opened.text));
    if (!read?.ok) return undefined;
    const { url, username, password } = read.value;
    return { url: new Secret(url), username, password: new Secret(password), outbound, random };
  }

  async function caseLink(account: string): Promise<CaseLinkWebhook | undefined> {
    const stored = await find(account, CASE_LINK_REQUESTED);
    return stored && createCaseLinkWebhook(stored);
  }

  async function settingsSync(account: string): Promise<SettingsSyncWebhook | undefined> {
    const stored = await find(account, SETTINGS_SYNC);
    return stored && createSettingsSyncWebhook(stored);
  }

  return {
    caseLink,
    settingsSync,
    async store(account, webhooks) {
      const targets = NAMES.map((name) => {
        const { username, password } = webhooks[name];
        const url = `${origin}${pathOf(name, webhooks[name])}`;
        return { name, target: { url, username, password } };
      });
      if (!keys) throw new AppError("SEALING_NOT_CONFIGURED", "TOKEN_KEYS is not set");
      const rows = targets.map(({ name, target }) => ({
        account_id: account,
        name,
        sealed: keys.seal(JSON.stringify(target), contextOf(account, name)),
        updated_at: now(),
      }));
      // One statement, with its rows in a fixed order: when two requests store at once, one of them wins with both.
      await db
        .insertInto("inbound_webhooks")
        .values(rows)
        .onConflict((conflict) =>
          conflict.columns(["account_id", "name"]).doUpdateSet((row) => ({
            sealed: row.ref("excluded.sealed"),
            updated_at: row.ref("excluded.updated_at"),
          })),
        )
        .execute();
    },
    async forget(account) {
      await db.deleteFrom("inbound_webhooks").where("account_id", "=", account).execute();
    },
    async known(account) {
      const isThere = {
        [SETTINGS_SYNC]: (await settingsSync(account)) !== undefined,
        [CASE_LINK_REQUESTED]: (await caseLink(account)) !== undefined,
      };
      return NAMES.filter((name) => isThere[name]);
    },
  };
}
