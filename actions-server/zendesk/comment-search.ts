/** Looks for a comment of ours on a ticket, the newest comments first. */
import { Type } from "typebox";
import { AppError } from "../errors.ts";
import { replyShape } from "../outbound/reply-shape.ts";
import type { RemoteCall } from "../outbound/send.ts";
import type { ZendeskClient } from "./client.ts";
import { CommentRow, toComment } from "./rows.ts";

/** Whether one of the newest 500 comments is private and holds the text; undefined: there is no such ticket. */
export type FindNote = (
  ticketId: string,
  text: string,
  call: RemoteCall,
) => Promise<boolean | undefined>;

const readPage = replyShape(
  Type.Object({
    comments: Type.Array(CommentRow),
    meta: Type.Object({
      has_more: Type.Boolean(),
      after_cursor: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
  }),
);

/** The largest page (Zendesk API reference, "Pagination"). */
const PAGE_SIZE = "100";
/** More than a budget of a few seconds can read; the comment of an attempt that was cut off is among the newest. */
const MOST_PAGES = 5;

export function createFindNote(client: ZendeskClient): FindNote {
  return async (ticketId, text, call) => {
    const path = `/api/v2/tickets/${ticketId}/comments.json`;
    let query: Record<string, string> = { sort: "-created_at", "page[size]": PAGE_SIZE };
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const body = await client.get(path, query, call);
      if (body === undefined) return undefined;
      const page = readPage(body);
      if (!page.ok) {
        throw new AppError(
          "ZENDESK_REFUSED",
          `Zendesk answered GET ${path} in an unknown form: ${page.problem}`,
        );
      }
      const comments = page.value.comments.map(toComment);
      if (comments.some((comment) => !comment.public && comment.body.includes(text))) return true;
      const { has_more: hasMore, after_cursor: cursor } = page.value.meta;
      if (!hasMore || cursor === undefined || cursor === null) return false;
      query = { ...query, "page[after]": cursor };
    }
    return false;
  };
}
