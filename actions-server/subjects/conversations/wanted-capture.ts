/** Whether the settings in force want a ticket's conversation, or it is stored already and therefore kept up to date. */
import type { Kysely } from "kysely";
import type { CaptureConversationRequest } from "#contract/actions/capture-conversation";
import { DEFAULT_SETTINGS, type Settings } from "#contract/settings/settings";
import { whyNotCaptured, type CaptureOccasion } from "#contract/settings/ticket-rules";
import type { Database } from "#platform/db/schema";

/** Undefined: none were taken over yet. */
export type SettingsOf = (account: string) => Promise<Settings | undefined>;

type Asked = Pick<CaptureConversationRequest, "ticket_id" | "form_id" | "brand_id" | "group_id">;

/** Null: it is wanted. Otherwise the rule against it, for people. */
export type WhyUnwanted = (
  account: string,
  ticket: Asked,
  occasion: CaptureOccasion,
) => Promise<string | null>;

const toText = (id: number | string | null | undefined) => (id == null ? undefined : String(id));

/** By the rules alone. */
export function createRules(settingsOf: SettingsOf): WhyUnwanted {
  return async (account, ticket, occasion) =>
    whyNotCaptured(
      (await settingsOf(account)) ?? DEFAULT_SETTINGS,
      {
        account,
        ticketId: String(ticket.ticket_id),
        formId: toText(ticket.form_id),
        brandId: toText(ticket.brand_id),
        groupId: toText(ticket.group_id),
      },
      occasion,
    );
}

/** The same; what is stored is wanted. */
export function wantingStored(db: Kysely<Database>, rules: WhyUnwanted): WhyUnwanted {
  return async (account, ticket, occasion) => {
    const why = await rules(account, ticket, occasion);
    if (why === null) return null;
    const stored = await db
      .selectFrom("qa_conversations")
      .select("ticket_id")
      .where("account_id", "=", account)
      .where("ticket_id", "=", String(ticket.ticket_id))
      .executeTakeFirst();
    return stored ? null : why;
  };
}
