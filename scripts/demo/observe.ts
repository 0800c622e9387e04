/** Reads what the stores hold when the demo is over: Postgres, ZIS Links, and the local ZIS's counts. */
import type { ResolveCaseReply } from "#contract/actions/resolve-case";
import { collect, everyLink } from "#install/links";
import type { World } from "../world.ts";
import type { Observed } from "./invariants.ts";

/** What Zendesk writes in place of each character that it redacts. */
const REDACTION_MARK = "▇";

/** As `Observed`, with the whole answers of resolve-case. */
export interface Stores extends Observed {
  readonly resolved: ReadonlyMap<string, ResolveCaseReply>;
}

/** The state of all stores; asks Postgres and the services themselves, never the code under proof. */
export async function observe(world: World): Promise<Stores> {
  const [conversations, links, redacted, findings, found] = await Promise.all([
    readConversations(world),
    readLinks(world),
    readRedacted(world),
    readFindings(world),
    readFound(world),
  ]);
  const { flows, actions } = world.zis.stats();
  return {
    conversations,
    links,
    redacted,
    findings,
    found,
    resolved: readReplies(world),
    flowsFailed: flows.started - flows.succeeded,
    duplicatesAbsorbed: actions.replayed,
  };
}

async function readConversations({ deps }: World): Promise<Observed["conversations"]> {
  const rows = await deps.db
    .selectFrom("qa_conversations as conversation")
    .select((eb) => [
      "conversation.ticket_id",
      "conversation.captures",
      "conversation.deleted_at",
      eb
        .selectFrom("qa_messages as message")
        .select((message) =>
          message.fn.agg<string[]>("array_agg", ["message.comment_id"]).as("ids"),
        )
        .whereRef("message.account_id", "=", "conversation.account_id")
        .whereRef("message.ticket_id", "=", "conversation.ticket_id")
        .as("comment_ids"),
    ])
    .execute();
  return rows.map((row) => ({
    ticketId: row.ticket_id,
    captures: row.captures,
    commentIds: row.comment_ids ?? [],
    hidden: row.deleted_at !== null,
  }));
}

async function readRedacted({ deps }: World): Promise<Observed["redacted"]> {
  const rows = await deps.db
    .selectFrom("qa_messages")
    .select(["ticket_id", "comment_id", "body"])
    .where("body", "like", `%${REDACTION_MARK}%`)
    .execute();
  return rows.map(({ ticket_id: ticketId, comment_id: commentId, body }) => ({
    ticketId,
    commentId,
    body,
  }));
}

async function readFindings({ deps }: World): Promise<Observed["findings"]> {
  const rows = await deps.db
    .selectFrom("sweep_findings")
    .select(["ticket_id", "what", "repaired"])
    .orderBy("ticket_id")
    .execute();
  return rows.map(({ ticket_id: ticketId, what, repaired }) => ({ ticketId, what, repaired }));
}

async function readFound({ deps }: World): Promise<Observed["found"]> {
  const rows = await deps.db.selectFrom("case_lookups").select(["ticket_id", "case_id"]).execute();
  return new Map(rows.map((row) => [row.ticket_id, row.case_id]));
}

async function readLinks({ installer }: World): Promise<Observed["links"]> {
  const links = await collect(everyLink(installer));
  return links.map(({ leftName, rightName }) => ({ left: leftName, right: rightName }));
}

/** What resolve-case answered for each ticket, from the data at the end of the flow runs. */
function readReplies({ zis }: World): ReadonlyMap<string, ResolveCaseReply> {
  const replies = new Map<string, ResolveCaseReply>();
  for (const { result } of zis.runs.list({ limit: Number.MAX_SAFE_INTEGER })) {
    const data = result?.data as { resolved?: ResolveCaseReply } | undefined;
    if (data?.resolved) replies.set(data.resolved.ticket_id, data.resolved);
  }
  return replies;
}
