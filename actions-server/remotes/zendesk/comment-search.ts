/** Looks for a comment of ours on a ticket, the newest comments first. */
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskClient } from "./client.ts";
import { readComments } from "./comment-rows.ts";
import { readList } from "./cursor-list.ts";

/** Whether one of the newest 500 comments is private and contains the text; undefined: the ticket does not exist. */
export type FindNote = (
  ticketId: string,
  text: string,
  call: RemoteCall,
) => Promise<boolean | undefined>;

/** More than can be read in a few seconds; the comment of an interrupted attempt is among the newest. */
const MOST_PAGES = 5;

export function createFindNote(client: ZendeskClient): FindNote {
  return async (ticketId, text, call) => {
    // Our own comments have a form that we know, so a comment in an unknown form cannot be ours.
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
