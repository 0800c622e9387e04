/** The messages of chats and messaging, as a ticket's audits keep them. Pure. */
import { Type, type Static } from "typebox";
import { LATEST_MS } from "#contract/instant";
import { rowReader } from "#platform/outbound/reply-shape";
import { readAttachments, type ZendeskAttachment, type ZendeskComment } from "./comment-rows.ts";
import { Id, Instant, optional, toChannel, toDate, Via } from "./wire.ts";

export interface ReadMessages {
  /** Each message once, in the order of the audits. */
  readonly messages: readonly ZendeskComment[];
  /** Whether the audits mention a chat at all, with or without messages. */
  readonly hasChat: boolean;
  readonly skipped: number;
}

const AuditRow = Type.Object({
  created_at: optional(Instant),
  via: Via,
  events: Type.Array(Type.Unknown()),
});

const CHAT_EVENTS = ["ChatStartedEvent", "ChatEndedEvent"];
const TextOrNumber = Type.Union([Type.String(), Type.Integer()]);

/**
 * `history` is documented for ChatStartedEvent only (Zendesk API reference, "Ticket comments", redaction of chats); if
 * the end event has one too, it is read in the same way.
 */
const ChatEventRow = Type.Object({
  id: optional(Id),
  value: Type.Object({
    chat_id: optional(TextOrNumber),
    conversation_id: optional(TextOrNumber),
    history: optional(Type.Array(Type.Unknown())),
  }),
  attachments: optional(Type.Array(Type.Unknown())),
});

/**
 * One entry of a history. Type, chat_index, message_id, message, filename, actor and timestamp are documented; the other
 * members of a file are inferred from those of attachments.
 */
const HistoryRow = Type.Object({
  type: optional(Type.String()),
  message: optional(Type.String()),
  message_id: optional(TextOrNumber),
  chat_index: optional(TextOrNumber),
  /** Milliseconds since 1970. */
  timestamp: optional(Type.Integer({ minimum: 0, maximum: LATEST_MS })),
  actor_id: optional(TextOrNumber),
  actor_name: optional(Type.String()),
  actor_type: optional(Type.String()),
  filename: optional(Type.String()),
  mime_type: optional(Type.String()),
  url: optional(Type.String()),
  size: optional(Type.Integer()),
});

const readAudits = rowReader(AuditRow);
const readChatEvents = rowReader(ChatEventRow);
const readHistory = rowReader(HistoryRow);

/** Joining and leaving are left out, because they say nothing. */
export function readChatMessages(auditRows: readonly unknown[]): ReadMessages {
  const audits = readAudits(auditRows);
  let { skipped } = audits;
  let hasChat = false;
  const byId = new Map<string, ZendeskComment>();
  for (const audit of audits.rows) {
    const events = readChatEvents(audit.events.filter(isChatEvent));
    skipped += events.skipped;
    for (const event of events.rows) {
      hasChat = true;
      const read = readChatEvent(event, audit);
      skipped += read.skipped;
      for (const message of read.messages) byId.set(message.id, message);
    }
  }
  return { messages: [...byId.values()], hasChat, skipped };
}

function isChatEvent(event: unknown): boolean {
  const { type } = (event ?? {}) as { readonly type?: unknown };
  return typeof type === "string" && CHAT_EVENTS.includes(type);
}

function readChatEvent(
  { id, value, attachments: attachmentRows }: Static<typeof ChatEventRow>,
  audit: Static<typeof AuditRow>,
) {
  const chatId = String(value.chat_id ?? value.conversation_id ?? id ?? "");
  const channel = toChannel(audit.via);
  const history = readHistory(value.history ?? []);
  const messages = history.rows.flatMap((row, position) => {
    const message = toMessage(row, chatId, channel, position);
    return message ? [message] : [];
  });
  const files = readAttachments(attachmentRows);
  const known = new Set(
    messages.flatMap(({ attachments }) => attachments.map(({ fileName }) => fileName)),
  );
  // Messages that the history does not have are kept too, with the time of the event.
  const others = files.attachments
    .filter(({ fileName }) => !known.has(fileName))
    .map((file, position) => ({
      ...messageOf(chatId, `file:${file.id ?? position}`, channel),
      attachments: [file],
      createdAt: toDate(audit.created_at),
    }));
  return { messages: [...messages, ...others], skipped: history.skipped + files.skipped };
}

function messageOf(chatId: string, key: string, channel: string | undefined): ZendeskComment {
  return {
    id: `chat:${chatId}:${key}`,
    kind: "message",
    authorId: undefined,
    public: true,
    body: "",
    htmlBody: undefined,
    channel,
    attachments: [],
    createdAt: undefined,
    data: { chat_id: chatId },
  };
}

function toMessage(
  row: Static<typeof HistoryRow>,
  chatId: string,
  channel: string | undefined,
  position: number,
): ZendeskComment | undefined {
  const files = filesOf(row);
  if (!row.message && files.length === 0) return undefined;
  const key = String(row.message_id ?? row.chat_index ?? `at:${position}`);
  const actor = String(row.actor_id ?? "");
  return {
    ...messageOf(chatId, key, channel),
    authorId: /^-?[0-9]{1,19}$/.test(actor) ? actor : undefined,
    body: row.message ?? "",
    attachments: files,
    createdAt: typeof row.timestamp === "number" ? new Date(row.timestamp) : undefined,
    data: {
      chat_id: chatId,
      ...(row.type && { type: row.type }),
      ...(row.actor_name && { author_name: row.actor_name }),
      ...(row.actor_type && { author_type: row.actor_type }),
    },
  };
}

function filesOf(row: Static<typeof HistoryRow>): readonly ZendeskAttachment[] {
  if (!row.filename && !row.url) return [];
  return [
    {
      id: undefined,
      fileName: row.filename ?? undefined,
      contentType: row.mime_type ?? undefined,
      contentUrl: row.url ?? undefined,
      size: row.size ?? undefined,
    },
  ];
}
