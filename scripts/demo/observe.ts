/** Reads what the stores hold when the demo is over: Postgres, ZIS Links, and the local ZIS's counts. */
import { TICKET_CASE_LINK, ticketLinkName } from "#contract/links";
import type { ResolveCaseReply } from "#contract/actions/resolve-case";
import type { World } from "../world.ts";
import type { Observed } from "./invariants.ts";

/** As `Observed`, with the whole answers of resolve-case. */
export interface Stores extends Observed {
  readonly resolved: ReadonlyMap<string, ResolveCaseReply>;
}

/** The state of all stores; asks Postgres and the services themselves, never the code under proof. */
export async function observe(world: World): Promise<Stores> {
  const [conversations, links] = await Promise.all([readConversations(world), readLinks(world)]);
  const { flows, actions } = world.zis.stats();
  return {
    conversations,
    links,
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
  }));
}

interface LinksPage {
  readonly links: readonly {
    readonly left_object: { readonly name: string };
    readonly right_object: { readonly name: string };
  }[];
  readonly meta: { readonly has_more: boolean; readonly after: string | null };
}

async function readLinks({ card, zisToken }: World): Promise<Observed["links"]> {
  const found: { left: string; right: string }[] = [];
  let after: string | null = null;
  do {
    const query = new URLSearchParams({
      link_type: TICKET_CASE_LINK,
      left_object_name: ticketLinkName("*"),
      "page[size]": "100",
      ...(after === null ? {} : { "page[after]": after }),
    });
    const response: Response = await fetch(
      `${card.zendesk.url}/api/services/zis/links/${card.integration}?${query.toString()}`,
      { headers: { authorization: `Bearer ${zisToken}` } },
    );
    if (!response.ok) throw new Error(`ZIS Links answered ${response.status}`);
    const page = (await response.json()) as LinksPage;
    for (const link of page.links) {
      found.push({ left: link.left_object.name, right: link.right_object.name });
    }
    after = page.meta.has_more ? page.meta.after : null;
  } while (after !== null);
  return found;
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
