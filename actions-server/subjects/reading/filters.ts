/** Which conversations a question is about, as SQL. */
import { sql, type Kysely, type SelectQueryBuilder } from "kysely";
import type { ConversationFilter } from "#contract/routes/conversations";
import type { Database } from "#platform/db/schema";
import { searchText } from "#platform/db/search-text";

/** Whose conversations may be seen; undefined: all of the account's. */
export type Viewer = { readonly agentId: string } | undefined;

type Conversations = SelectQueryBuilder<
  Database & { c: Database["qa_conversations"] },
  "c",
  object
>;

/** All that are not deleted in Zendesk, of one account, that this viewer may see. */
export function visibleConversations(
  db: Kysely<Database>,
  account: string,
  viewer: Viewer,
): Conversations {
  const all = db
    .selectFrom("qa_conversations as c")
    .where("c.account_id", "=", account)
    .where("c.deleted_at", "is", null);
  if (!viewer) return all;
  // Theirs is what they work on or wrote in.
  return all.where((eb) =>
    eb.or([
      eb("c.assignee_id", "=", viewer.agentId),
      eb.exists(
        eb
          .selectFrom("qa_messages as m")
          .select(sql.lit(1).as("one"))
          .whereRef("m.account_id", "=", "c.account_id")
          .whereRef("m.ticket_id", "=", "c.ticket_id")
          .whereRef("m.opened_on", "=", "c.opened_on")
          .where("m.author_id", "=", viewer.agentId),
      ),
    ]),
  );
}

export function filterConversations(
  conversations: Conversations,
  filter: ConversationFilter,
): Conversations {
  const { agent, group, requester, status, channel, tag, field, case_id: caseId, text } = filter;
  const { updated_from: from, updated_before: before } = filter;
  return conversations
    .$if(agent !== undefined, (query) => query.where("c.assignee_id", "=", String(agent)))
    .$if(group !== undefined, (query) => query.where("c.group_id", "=", String(group)))
    .$if(requester !== undefined, (query) => query.where("c.requester_id", "=", String(requester)))
    .$if(status !== undefined, (query) => query.where("c.status", "=", status ?? ""))
    .$if(channel !== undefined, (query) => query.where("c.channel", "=", channel ?? ""))
    .$if(caseId !== undefined, (query) => query.where("c.case_id", "=", caseId ?? ""))
    .$if(tag !== undefined, (query) => query.where(sql<boolean>`c.tags @> array[${tag}]::text[]`))
    .$if(field !== undefined, (query) => query.where(hasField(field ?? "")))
    .$if(from !== undefined, (query) =>
      query.where("c.source_updated_at", ">=", new Date(from ?? 0)),
    )
    .$if(before !== undefined, (query) =>
      query.where("c.source_updated_at", "<", new Date(before ?? 0)),
    )
    .$if(text !== undefined, (query) => query.where(saysText(text ?? "")));
}

/** By a field's type its value is text, a number, a truth value or a list of options. */
function hasField(field: string) {
  const at = field.indexOf(":");
  const [id, text] = [field.slice(0, at), field.slice(at + 1)];
  const values: unknown[] = [text, [text]];
  if (text === "true" || text === "false") values.push(text === "true");
  if (/^-?\d{1,15}(\.\d{1,6})?$/.test(text)) values.push(Number(text));
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
