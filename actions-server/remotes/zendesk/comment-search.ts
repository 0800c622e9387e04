/** Looks for a comment of ours on a ticket, the newest comments first. */
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskClient } from "./client.ts";
import { readComments } from "./comment-rows.ts";
import { readList } from "./cursor-list.ts";

/** Whether one of the newest 500 comments is private and holds the text; undefined: there is no such ticket. */
export type FindNote = (
  ticketId: string,
  text: string,
  call: RemoteCall,
) => Promise<boolean | undefined>;

/** More than a budget of a few seconds can read; the comment of an attempt that was cut off is among the newest. */
const MOST_PAGES = 5;

export function createFindNote(client: ZendeskClient): FindNote {
  return async (ticketId, text, call) => {
    // A comment of ours is in a form that we know: odd ones beside it cannot be it.
    const isIn = (rows: readonly unknown[]) =>
      readComments(rows).comments.some(
        (comment) => comment.public === false && comment.body.includes(text),
      );
    const list = await readList(
      client,
      {
        path: `/api/v2/tickets/${ticketId}/comments.json`,
        member: "comments",
        query: { sort: "-created_at" },
        mostPages: MOST_PAGES,
      },
      call,
      ({ rows }) => isIn(rows),
    );
    return list && isIn(list.rows);
  };
}
