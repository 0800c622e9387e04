/** Which conversations a question is about, as SQL. */
import { sql, type Kysely, type SelectQueryBuilder } from "kysely";
import type { ConversationFilter } from "#contract/routes/conversations";
import { readInstant } from "#contract/instant";
import type { Database } from "#platform/db/schema";
import { searchText } from "#platform/db/search-text";
import { findAgent } from "./sought-agent.ts";

/** Whose conversations may be seen; undefined: all of the account's. */
export type Viewer = { readonly agentId: string } | undefined;

type Conversations = SelectQueryBuilder<
  Database & { c: Database["qa_conversations"] },
  "c",
  object
>;

/** A place in the list: pages go by it. */
export interface ListPlace {
  readonly updatedAt: string;
  readonly ticketId: string;
}

interface Visible {
  readonly conversations: Conversations;
  /** Columns that have the list's order, with an index: descending. */
  readonly order: readonly [updatedAt: string, ticketId: string];
}

interface Wanted {
  /** Only conversations of this agent. */
  readonly agent?: string | undefined;
  /** Only those that come after it in the list. */
  readonly after?: ListPlace | undefined;
}

/**
 * All that are not deleted in Zendesk, of one account, that this viewer may see. An agent's conversations are those that the
 * rules associate with him or her. Until these were first followed for all that is stored, an agent's are those that he or she
 * is the assignee of; a viewer's are also those that he or she wrote in.
 */
export async function visibleConversations(
  db: Kysely<Database>,
  account: string,
  viewer: Viewer,
  { agent, after }: Wanted = {},
): Promise<Visible> {
  const seenBy = viewer && (await findAgent(db, account, viewer.agentId));
  const sought = agent === undefined ? undefined : await findAgent(db, account, agent);
  const all = db
    .selectFrom("qa_conversations as c")
    .where("c.account_id", "=", account)
    .where("c.deleted_at", "is", null)
    .$if(after !== undefined, (query) =>
      query.where(isAfter("c.source_updated_at", "c.ticket_id", after)),
    )
    .$if(seenBy?.isAssociated === false, (query) => query.where(worksOnOrWrote(seenBy?.ids)))
    .$if(sought?.isAssociated === false, (query) =>
      query.where("c.assignee_id", "in", sought?.ids ?? []),
    );
  const [first, second] = [seenBy, sought].filter((one) => one?.isAssociated);
  const both = second ? all.where(isAssociated(second.ids)) : all;
  if (!first) return { conversations: both, order: ["c.source_updated_at", "c.ticket_id"] };
  const conversations = joinAssociations(both, account, first.ids, after);
  return { conversations, order: ["a.updated_at", "a.ticket_id"] };
}

/** Columns of one table, compared with a place. */
function isAfter(updatedAt: string, ticketId: string, after: ListPlace | undefined) {
  return sql<boolean>`(${sql.ref(updatedAt)}, ${sql.ref(ticketId)})
    < (${after?.updatedAt}::timestamptz, ${after?.ticketId})`;
}

/**
 * The associations of an agent are in the order of the list, so a page reads no more of them than it shows. For
 * `exists` Postgres would read them all.
 */
function joinAssociations(
  conversations: Conversations,
  account: string,
  ids: readonly string[],
  after: ListPlace | undefined,
): Conversations {
  const isOf =
    ids.length === 1 ? sql<boolean>`agent_id = ${ids[0]}` : sql<boolean>`agent_id = any(${ids})`;
  // The whole is wider than its type says: nobody selects of the join.
  const joined = conversations.innerJoin(
    (eb) =>
      eb
        .selectFrom("agent_associations")
        .select(["ticket_id", "updated_at"])
        .where("account_id", "=", account)
        .where(isOf)
        .$if(after !== undefined, (query) => query.where(isAfter("updated_at", "ticket_id", after)))
        // A person with two ids may have both in one conversation.
        .$if(ids.length > 1, (query) => query.distinct())
        .as("a"),
    (join) => join.onRef("a.ticket_id", "=", "c.ticket_id"),
  );
  return joined;
}

function isAssociated(ids: readonly string[]) {
  return sql<boolean>`exists (
    select from agent_associations as other
    where other.account_id = c.account_id and other.ticket_id = c.ticket_id and other.agent_id = any(${ids})
  )`;
}

function worksOnOrWrote(ids: readonly string[] = []) {
  return sql<boolean>`(c.assignee_id = any(${ids}) or exists (
    select from qa_messages as m
    where m.account_id = c.account_id and m.ticket_id = c.ticket_id and m.opened_on = c.opened_on
      and m.author_id = any(${ids})
  ))`;
}

/** Leaves what the filter says, but for its agent: `visibleConversations` knows those. */
export function filterConversations(
  conversations: Conversations,
  filter: ConversationFilter,
): Conversations {
  const { group, requester, status, channel, tag, field, case_id: caseId, text } = filter;
  const { csat, attribute, updated_from: from, updated_before: before } = filter;
  return conversations
    .$if(group !== undefined, (query) => query.where("c.group_id", "=", String(group)))
    .$if(requester !== undefined, (query) => query.where("c.requester_id", "=", String(requester)))
    .$if(status !== undefined, (query) => query.where("c.status", "=", status ?? ""))
    .$if(channel !== undefined, (query) => query.where("c.channel", "=", channel ?? ""))
    .$if(caseId !== undefined, (query) => query.where("c.case_id", "=", caseId ?? ""))
    .$if(tag !== undefined, (query) => query.where(sql<boolean>`c.tags @> array[${tag}]::text[]`))
    .$if(csat !== undefined, (query) => query.where(isScored(csat ?? "")))
    .$if(attribute !== undefined, (query) => query.where(hasAttribute(attribute ?? "")))
    .$if(field !== undefined, (query) => query.where(hasField(field ?? "")))
    .$if(from !== undefined, (query) =>
      query.where("c.source_updated_at", ">=", new Date(from ?? 0)),
    )
    .$if(before !== undefined, (query) =>
      query.where("c.source_updated_at", "<", new Date(before ?? 0)),
    )
    .$if(text !== undefined, (query) => query.where(saysText(text ?? "")));
}

/** The latest response counts. */
function isScored(score: string) {
  return sql<boolean>`(
    select s.score from qa_satisfaction as s
    where s.account_id = c.account_id and s.ticket_id = c.ticket_id
    order by s.occurred_at desc, s.event_order desc, s.response_id desc limit 1
  ) = ${score}`;
}

/** The value as text, a number, a truth value, an instant, or one of a list. */
function hasAttribute(given: string) {
  const at = given.indexOf(":");
  const [name, text] = [given.slice(0, at), given.slice(at + 1)];
  const forms = [
    sql<boolean>`(left(v.text_value, 100) = left(${text}, 100) and v.text_value = ${text})`,
    sql<boolean>`v.texts_value @> array[${text}]::text[]`,
  ];
  if (text === "true" || text === "false") forms.push(sql`v.boolean_value = ${text === "true"}`);
  if (isNumber(text)) forms.push(sql`v.number_value = ${Number(text)}`);
  const instant = readInstant(text);
  if (instant) forms.push(sql`v.instant_value = ${instant}`);
  return sql<boolean>`exists (
    select from attribute_definitions as d join attribute_values as v
      on v.account_id = d.account_id and v.attribute_id = d.attribute_id
    where d.account_id = c.account_id and d.subject = 'ticket' and d.name = ${name} and d.state = 'active'
      and v.subject = 'ticket' and v.subject_id = c.ticket_id and (${sql.join(forms, sql` or `)})
  )`;
}

const isNumber = (text: string) => /^-?\d{1,15}(\.\d{1,6})?$/.test(text);

/** By a field's type its value is text, a number, a truth value or a list of options. */
function hasField(field: string) {
  const at = field.indexOf(":");
  const [id, text] = [field.slice(0, at), field.slice(at + 1)];
  const values: unknown[] = [text, [text]];
  if (text === "true" || text === "false") values.push(text === "true");
  if (isNumber(text)) values.push(Number(text));
  const forms = values.map(
    (value) => sql<boolean>`c.custom_fields @> ${JSON.stringify([{ id, value }])}::jsonb`,
  );
  return sql<boolean>`(${sql.join(forms, sql` or `)})`;
}

/** The words as people type them in search fields, on the text that the messages were indexed by. */
function saysText(text: string) {
  return sql<boolean>`exists (
    select from qa_messages as said
    where said.account_id = c.account_id and said.ticket_id = c.ticket_id and said.opened_on = c.opened_on
      and said.search @@ websearch_to_tsquery('simple', ${searchText(text)})
  )`;
}
