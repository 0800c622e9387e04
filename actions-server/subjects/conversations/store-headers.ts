/** Stores tickets as the export has them, without their messages, which are read later. */
import { sql, type Transaction } from "kysely";
import type { Database } from "#platform/db/schema";
import { storableJson } from "#platform/db/storable";
import type { TicketWithUsers } from "#remotes/zendesk/reader";
import type { ZendeskTicket } from "#remotes/zendesk/rows";
import { followAssignments } from "./assignments.ts";
import { CHANGED_ROW } from "./changed-row.ts";
import { upsertPeople } from "./conversation-store.ts";
import { followEvents } from "./follow-events.ts";
import { followMerges } from "./merge.ts";
import { ticketColumns } from "./ticket-columns.ts";
import { lockTickets } from "./ticket-lock.ts";
import { GRADABLE, OTHER } from "./wanted-messages.ts";

export interface Headers {
  /** Each ticket once. Those with the status `deleted` hide what is stored of them. */
  readonly tickets: readonly TicketWithUsers[];
  /** When Zendesk was asked. */
  readonly observedAt: Date;
}

/**
 * Inserts a conversation without messages, or brings it to a newer state; its messages are wanted then. One that has the
 * same state or a newer one stays as it is. A change that moved no `updated_at` shows only in what differs: then which
 * state is newer cannot be told, so the ticket is read itself. Of a ticket that was erased nothing is stored. May be
 * called again with the same rows.
 */
export async function storeHeaders(
  trx: Transaction<Database>,
  account: string,
  { tickets, observedAt }: Headers,
): Promise<void> {
  const [gone, present] = [tickets.filter(isDeleted), tickets.filter((one) => !isDeleted(one))];
  await lockTickets(
    trx,
    tickets.map(({ ticket }) => ({ account, ticketId: ticket.id })),
  );
  await hideDeleted(trx, account, gone);
  const rows = JSON.stringify(storableJson(present.map(({ ticket }) => toRow(ticket))));
  await wantWhatDiffers(trx, account, rows);
  const { rows: changed } = await sql<{ ticket_id: string; is_first: boolean }>`
    insert into qa_conversations as stored (account_id, ticket_id, ${sql.raw(COLUMNS)}, custom_fields, created_at,
      source_updated_at, last_comment_id, observed_at, captured_at, captures, message_count, deleted_at, messages_wanted)
    select ${account}, incoming.ticket_id, ${sql.raw(COLUMNS)}, custom_fields, created_at,
      source_updated_at, null, ${observedAt}, ${observedAt}, 0, 0,
      case when known.state = 'deleted' and known.occurred_at >= source_updated_at then known.occurred_at end,
      messages_wanted
    from ${incoming(rows)}
    left join qa_deletions as known on known.account_id = ${account} and known.ticket_id = incoming.ticket_id
    where known.state is distinct from 'erased'
    on conflict (account_id, ticket_id) do update set
      ${sql.raw(keepNew)},
      custom_fields = excluded.custom_fields, source_updated_at = excluded.source_updated_at,
      last_comment_id = null, observed_at = excluded.observed_at, captured_at = excluded.captured_at,
      deleted_at = excluded.deleted_at, messages_wanted = excluded.messages_wanted, ${sql.raw(CHANGED_ROW)}
    where stored.source_updated_at < excluded.source_updated_at
    returning stored.ticket_id, xmax = 0 as is_first`.execute(trx);
  await followMerges(
    trx,
    account,
    changed.filter((row) => row.is_first).map((row) => row.ticket_id),
  );
  for (const id of await assignedAmong(
    trx,
    account,
    changed.map((row) => row.ticket_id),
  )) {
    await followAssignments(trx, account, id);
  }
  await followEventsOf(trx, account, present, new Set(changed.map((row) => row.ticket_id)));
  await upsertPeople(trx, account, peopleOf(present), observedAt);
}

/** Those of `ticketColumns`. */
const NAMES = [
  "subject",
  "status",
  "channel",
  "requester_id",
  "assignee_id",
  "group_id",
  "brand_id",
  "organization_id",
  "form_id",
  "tags",
] as const satisfies readonly (keyof ReturnType<typeof ticketColumns>)[];
const COLUMNS = NAMES.join(", ");
const columnsOf = (table: string) => sql.raw(NAMES.map((name) => `${table}.${name}`).join(", "));
const keepNew = NAMES.map((name) => `${name} = excluded.${name}`).join(", ");

const incoming = (rows: string) => sql`
  json_to_recordset(${rows}::json) as incoming (
    ticket_id text, subject text, status text, channel text, requester_id text, assignee_id text, group_id text,
    brand_id text, organization_id text, form_id text, tags text[], custom_fields jsonb, created_at timestamptz,
    source_updated_at timestamptz, messages_wanted smallint)`;

const isDeleted = ({ ticket }: TicketWithUsers) => ticket.status === "deleted";

function toRow(ticket: ZendeskTicket) {
  return {
    ticket_id: ticket.id,
    ...ticketColumns(ticket),
    custom_fields: ticket.customFields,
    created_at: ticket.createdAt.toISOString(),
    source_updated_at: ticket.updatedAt.toISOString(),
    messages_wanted: ticket.assigneeId === undefined ? OTHER : GRADABLE,
  };
}

/** As the sweep's judge compares. */
async function wantWhatDiffers(
  trx: Transaction<Database>,
  account: string,
  rows: string,
): Promise<void> {
  await sql`
    update qa_conversations as stored set messages_wanted = incoming.messages_wanted
    from ${incoming(rows)}
    where stored.account_id = ${account} and stored.ticket_id = incoming.ticket_id and stored.messages_wanted is null
      and stored.source_updated_at = incoming.source_updated_at
      and (${columnsOf("stored")}, stored.custom_fields)
        is distinct from
        (${columnsOf("incoming")}, incoming.custom_fields)
  `.execute(trx);
}

/** Since when, the event knows best; unless it says that the ticket was restored after this state. */
async function hideDeleted(
  trx: Transaction<Database>,
  account: string,
  gone: readonly TicketWithUsers[],
): Promise<void> {
  const rows = gone.map(({ ticket: { id, updatedAt } }) => ({
    ticket_id: id,
    updated_at: updatedAt.toISOString(),
  }));
  await sql`
    update qa_conversations as stored
    set deleted_at = case known.state when 'deleted' then known.occurred_at else row.updated_at end,
      messages_wanted = null, ${sql.raw(CHANGED_ROW)}
    from json_to_recordset(${JSON.stringify(rows)}::json) as row (ticket_id text, updated_at timestamptz)
    left join qa_deletions as known on known.account_id = ${account} and known.ticket_id = row.ticket_id
    where stored.account_id = ${account} and stored.ticket_id = row.ticket_id and stored.deleted_at is null
      and stored.source_updated_at <= row.updated_at
      and not (coalesce(known.state, '') = 'present' and known.occurred_at >= row.updated_at)
  `.execute(trx);
}

async function assignedAmong(
  trx: Transaction<Database>,
  account: string,
  ticketIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ ticket_id: string }>`
    select distinct ticket_id from qa_assignments
    where account_id = ${account} and ticket_id = any(${ticketIds}::text[])`.execute(trx);
  return rows.map((row) => row.ticket_id);
}

/** Events that are later than the state that the export had. */
async function followEventsOf(
  trx: Transaction<Database>,
  account: string,
  tickets: readonly TicketWithUsers[],
  changed: ReadonlySet<string>,
): Promise<void> {
  const among = tickets.map(({ ticket }) => ticket).filter(({ id }) => changed.has(id));
  if (among.length === 0) return;
  const since = new Date(Math.min(...among.map(({ updatedAt }) => updatedAt.getTime())));
  const { rows } = await sql<{ ticket_id: string }>`
    select distinct ticket_id from qa_events
    where account_id = ${account} and ticket_id = any(${among.map(({ id }) => id)}::text[])
      and occurred_at >= ${since}`.execute(trx);
  for (const row of rows) await followEvents(trx, account, row.ticket_id);
}

function peopleOf(tickets: readonly TicketWithUsers[]) {
  return [
    ...new Map(tickets.flatMap(({ users }) => users).map((user) => [user.id, user])).values(),
  ];
}
