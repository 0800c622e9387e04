/** Several tickets become one: what a merge does to both sides. Source: Zendesk API reference, "Merge Tickets into Target Ticket". */
import type { NewComment } from "./change.ts";
import type { Draft } from "./event-writer.ts";
import type { TicketRecord } from "./model.ts";
import type { Actor, ZendeskStore } from "./store-contract.ts";

/** What a merge says on one side. */
interface Remark {
  readonly body: string;
  readonly public: boolean;
}

export interface Merge {
  readonly targetId: number;
  readonly sourceIds: readonly number[];
  readonly onTarget?: Remark | undefined;
  readonly onSource?: Remark | undefined;
}

/** Conversations of these are private to who is in them, so what a merge adds is private too. */
const PRIVATE_CHANNELS = new Set(["twitter", "facebook", "any_channel"]);
const MERGED_TAG = "closed_by_merge";

const isPrivate = ({ channel, comments }: TicketRecord) =>
  PRIVATE_CHANNELS.has(channel) || !comments.some((comment) => comment.public);

const mergedEvent = (target_ticket_id: number): Draft => ({
  tag: "ticket.TicketMerged",
  type: "Ticket Merged",
  detail: { target_ticket_id },
});

/** Merges what can be. Returns the result's row for each source; the words of a refusal are inferred. */
export function mergeTickets(store: ZendeskStore, merge: Merge, actor: Actor): object[] {
  const { targetId, sourceIds, onSource, onTarget } = merge;
  const refuse = (id: number, details: string) => ({
    id,
    action: "update",
    success: false,
    error: "MergeFailed",
    details,
  });
  const target = store.ticket(targetId);
  if (!target || target.status === "closed") {
    return sourceIds.map((id) => refuse(id, "The target ticket is closed or gone"));
  }
  const sources = sourceIds.map((id) => store.ticket(id)).filter((one) => one !== undefined);
  const merged = sources.filter(({ id, status }) => id !== targetId && status !== "closed");
  const mayBePublic = ![target, ...merged].some(isPrivate);
  const say = (remark: Remark): NewComment => ({ ...remark, public: mayBePublic && remark.public });
  for (const source of merged) {
    const change = {
      status: "closed" as const,
      tags: [...source.tags, MERGED_TAG],
      ...(onSource && { comment: { ...say(onSource), mergedWith: [targetId] } }),
    };
    store.update(source, change, actor, [mergedEvent(targetId)]);
  }
  if (onTarget && merged.length > 0) {
    const attachments = merged.flatMap(({ comments }) =>
      comments.flatMap((one) => one.attachments),
    );
    const mergedWith = merged.map(({ id }) => id);
    store.update(target, { comment: { ...say(onTarget), attachments, mergedWith } }, actor);
  }
  return sourceIds.map((id) =>
    merged.some((one) => one.id === id)
      ? { id, action: "update", status: "Updated", success: true }
      : refuse(id, "The ticket is closed, gone or the target itself"),
  );
}
