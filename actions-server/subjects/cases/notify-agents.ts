/** Notifies a ticket's agents that a promised look-up found several cases, as the settings want it. */
import type { AnnotateTicketReply, AnnotateTicketRequest } from "#contract/actions/annotate-ticket";
import type { ResolveCaseReply } from "#contract/actions/resolve-case";
import { DEFAULT_SETTINGS, type Settings } from "#contract/settings/settings";
import type { Log } from "#platform/log";
import type { WriteContext } from "#platform/http/handlers";
import type { Work } from "#platform/idempotency/work";
import type { RemoteCall } from "#platform/outbound/send";
import type { SettingsOf } from "./resolve-case.ts";
import type { LinkJob } from "./request-link.ts";

export type AmbiguousReply = Extract<ResolveCaseReply, { outcome: "ambiguous" }>;

export interface NotifyAgentsDeps {
  readonly settingsOf: SettingsOf;
  /** Once per key, however often it is called. */
  readonly annotate: (
    request: AnnotateTicketRequest,
    context: Pick<WriteContext, "account" | "idempotencyKey"> & RemoteCall,
  ) => Promise<Work<AnnotateTicketReply>>;
  readonly log: Log;
}

/** As in the flows: nothing while CaseQA is switched off, and the defaults until settings have been taken over. */
export function notificationOf(settings: Settings | undefined): Settings["on_ambiguous"] {
  const { enabled, on_ambiguous } = settings ?? DEFAULT_SETTINGS;
  return enabled ? on_ambiguous : "nothing";
}

/**
 * The key is the event's, as in the flow: only one note is left even if the event is delivered again and its flow finds the
 * same cases itself. Throws ZENDESK_REFUSED or ZENDESK_UNAVAILABLE.
 */
export async function notifyAgents(
  { settingsOf, annotate, log }: NotifyAgentsDeps,
  { candidates }: AmbiguousReply,
  { account, request, eventId, key = eventId }: LinkJob,
  call: RemoteCall,
): Promise<void> {
  const telling = notificationOf(await settingsOf(account));
  if (telling === "nothing") return;
  const { ticket_id } = request;
  const { answer } = await annotate(
    { ticket_id, telling, reason: "ambiguous_case", candidates },
    { ...call, account, idempotencyKey: key },
  );
  log.info(
    { ticketId: answer.ticket_id, outcome: answer.outcome },
    "agents were notified of several",
  );
}
