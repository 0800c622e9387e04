/** The audit of an update: who changed what, in the API's form. */
import { toSecondPrecision } from "../clock.ts";
import type { ChangeContext } from "./change.ts";
import type { AuditRecord, TicketRecord } from "./model.ts";

const AUDITED = [
  "subject",
  "status",
  "priority",
  "type",
  "requester_id",
  "assignee_id",
  "group_id",
  "organization_id",
  "brand_id",
  "ticket_form_id",
  "external_id",
  "tags",
] as const satisfies readonly (keyof TicketRecord)[];

function valuesOf(ticket: TicketRecord | undefined): Map<string, unknown> {
  if (!ticket) return new Map();
  return new Map<string, unknown>([
    ...AUDITED.map((member) => [member, ticket[member]] as const),
    ...ticket.custom_fields.map(({ id, value }) => [String(id), value] as const),
  ]);
}

/** What lies between two states of a ticket; `before` is absent for a new one. */
export function auditOf(
  before: TicketRecord | undefined,
  after: TicketRecord,
  context: ChangeContext,
): AuditRecord {
  const old = valuesOf(before);
  const changed = [...valuesOf(after)].filter(
    ([name, value]) => JSON.stringify(old.get(name) ?? null) !== JSON.stringify(value ?? null),
  );
  const comment = after.comments[before?.comments.length ?? 0];
  return {
    id: context.auditId,
    ticket_id: after.id,
    created_at: toSecondPrecision(context.at),
    author_id: context.author.id,
    channel: context.channel,
    changes: changed.map(([field_name, value], index) => ({
      id: context.commentId + 1 + index,
      type: before ? "Change" : "Create",
      field_name,
      value,
      ...(before ? { previous_value: old.get(field_name) ?? null } : {}),
    })),
    ...(comment ? { comment } : {}),
  };
}

/** The audits that a ticket had from the start: one for each comment of which no other audit is known. */
export function auditsOfSeed(
  ticket: TicketRecord,
  recorded: readonly AuditRecord[],
): AuditRecord[] {
  const known = new Set(recorded.map(({ id }) => id));
  const seeded = ticket.comments.filter(({ audit_id }) => !known.has(audit_id));
  return seeded.map((comment) => ({
    id: comment.audit_id,
    ticket_id: ticket.id,
    created_at: comment.created_at,
    author_id: comment.author_id,
    channel: comment.channel,
    changes: [],
    comment,
  }));
}
