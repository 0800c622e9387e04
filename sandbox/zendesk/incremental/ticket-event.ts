/**
 * An audit as the export of ticket events writes it. Sources: Zendesk API reference, "Incremental ticket event export"; the rows
 * recorded in the tests of Airbyte's connector. Words of `via` beyond "Web form", "Mail" and "Web service" are UNVERIFIED.
 */
import { toUnixSeconds } from "../../clock.ts";
import type { AuditRecord } from "../model.ts";
import { type FileAddress, presentComment } from "../present.ts";

const VIA: Readonly<Record<string, string>> = {
  api: "Web service",
  chat: "Chat",
  email: "Mail",
  mobile: "Mobile",
  native_messaging: "Messaging",
  rule: "Rule",
  web: "Web form",
};

export function presentTicketEvent(
  audit: AuditRecord,
  {
    baseUrl,
    withComments,
    addressOf,
  }: {
    readonly baseUrl: string;
    readonly withComments: boolean;
    readonly addressOf: FileAddress;
  },
): object {
  const via = VIA[audit.channel] ?? audit.channel;
  const { comment } = audit;
  const comments = !comment
    ? []
    : [
        withComments
          ? {
              ...presentComment(comment, baseUrl, addressOf),
              via_reference_id: null,
              event_type: "Comment",
            }
          : {
              id: comment.id,
              via,
              via_reference_id: null,
              comment_present: true,
              comment_public: comment.public,
              event_type: "Comment",
            },
      ];
  // A changed member stands under its own name, unlike in audits.
  const changes = audit.changes.map(({ id, type, field_name, value, previous_value }) => ({
    id,
    via,
    via_reference_id: null,
    [/^\d+$/.test(field_name) ? `custom_ticket_fields` : field_name]: /^\d+$/.test(field_name)
      ? { [field_name]: value }
      : value,
    ...(type === "Change" ? { previous_value } : {}),
    event_type: type,
  }));
  const others = (audit.others ?? []).map(({ type, ...members }) => ({
    ...members,
    via,
    via_reference_id: null,
    event_type: type,
  }));
  return {
    id: audit.id,
    ticket_id: audit.ticket_id,
    timestamp: toUnixSeconds(new Date(audit.created_at)),
    created_at: audit.created_at,
    updater_id: audit.author_id,
    via,
    system: {},
    metadata: {},
    event_type: "Audit",
    child_events: [...comments, ...changes, ...others],
  };
}
