/** The ZIS inbound webhooks by which the server and the administrator's tools start flows. */
import { Type, type Static } from "typebox";
import { SalesforceId, ZendeskIdText } from "./actions/envelope.ts";

/** The source_system of all our webhooks, and so the event_source of their job specs. */
export const WEBHOOK_SOURCE = "caseqa";

export const SETTINGS_SYNC = "settings_sync";
export const CASE_LINK_REQUESTED = "case_link_requested";

/** Webhook events carry no id of ZIS: the sender gives one, and repeats it when it sends again. */
const EventId = Type.String({ minLength: 1, maxLength: 200 });

export const CaseLinkRequestedEvent = Type.Object({
  event_id: EventId,
  action: Type.Union([Type.Literal("link"), Type.Literal("unlink")]),
  ticket_id: ZendeskIdText,
  case_id: Type.Union([SalesforceId, Type.Null()], { description: "Null to unlink." }),
});
export type CaseLinkRequestedEvent = Static<typeof CaseLinkRequestedEvent>;
