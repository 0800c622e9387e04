/** The messages of a ticket's Conversation Log. Pure. */
import { Type, type Static } from "typebox";
import { rowReader } from "#platform/outbound/reply-shape";
import { readAttachments, type ZendeskComment } from "./comment-rows.ts";
import { Id, Instant, optional, toDate, toId } from "./wire.ts";

/** Zendesk API reference, "Conversation Log", and its events reference. */
const EventRow = Type.Object({
  id: Type.Union([Type.String({ minLength: 1 }), Type.Integer()]),
  reference: optional(Type.String()),
  created_at: optional(Instant),
  author: optional(
    Type.Object({
      display_name: optional(Type.String()),
      type: optional(Type.String()),
      "zen:support:user_id": optional(Id),
    }),
  ),
  content: optional(
    Type.Object({
      type: optional(Type.String()),
      text: optional(Type.String()),
      body: optional(Type.String()),
      mediaUrl: optional(Type.String()),
      altText: optional(Type.String()),
    }),
  ),
  source: optional(Type.Object({ type: optional(Type.String()) })),
  attachments: optional(Type.Array(Type.Unknown())),
});

const readEvents = rowReader(EventRow);

/** Its comments are left out, because they are complete only in the list of comments. */
export function readLogMessages(rows: readonly unknown[]): {
  readonly messages: readonly ZendeskComment[];
  readonly skipped: number;
} {
  const events = readEvents(rows.filter(isMessage));
  let { skipped } = events;
  const messages = events.rows.map((event) => {
    const files = readAttachments(event.attachments);
    skipped += files.skipped;
    return toMessage(event, files.attachments);
  });
  return { messages, skipped };
}

function isMessage(event: unknown): boolean {
  return ((event ?? {}) as { readonly type?: unknown }).type === "Messaging::ConversationMessage";
}

function toMessage(
  { id, reference, created_at: createdAt, author, content, source }: Static<typeof EventRow>,
  attachments: ZendeskComment["attachments"],
): ZendeskComment {
  return {
    id: `log:${reference ?? id}`,
    kind: "message",
    authorId: toId(author?.["zen:support:user_id"]),
    public: true,
    body: content?.text ?? "",
    htmlBody: content?.body ?? undefined,
    channel: source?.type ?? undefined,
    attachments: attachments.length > 0 ? attachments : mediaOf(content),
    createdAt: toDate(createdAt),
    data: {
      ...(reference && { reference }),
      ...(author?.display_name && { author_name: author.display_name }),
      ...(author?.type && { author_type: author.type }),
      // A choice, form or location is more than its text.
      ...(content && content.type !== "text" && { content }),
    },
  };
}

function mediaOf(content: Static<typeof EventRow>["content"]): ZendeskComment["attachments"] {
  if (!content?.mediaUrl) return [];
  return [
    {
      id: undefined,
      fileName: content.altText ?? undefined,
      contentType: undefined,
      contentUrl: content.mediaUrl,
      size: undefined,
    },
  ];
}
