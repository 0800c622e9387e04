/** Chats and messaging: their messages are not comments, but appear in audits and the Conversation Log. */
import type { ChatLine, ChatRecord, TicketRecord } from "./model.ts";

/** One thing of a chat's history, in the documented members and those inferred from attachments. */
function presentLine(line: ChatLine, index: number): object {
  return {
    chat_index: index,
    message_id: line.message_id,
    timestamp: Date.parse(line.created_at),
    actor_id: line.actor_id,
    actor_name: line.actor_name,
    actor_type: line.actor_type,
    ...(line.file
      ? {
          type: "ChatFileAttachment",
          filename: line.file.file_name,
          mime_type: line.file.content_type,
          size: line.file.size,
          url: line.file.url,
        }
      : { type: "ChatMessage", message: line.text, original_message: line.text }),
  };
}

/** The audits that a chat leaves: its start, with everything that was said, and its end. */
export function presentChatAudits(ticket: TicketRecord, withHistory: boolean): object[] {
  return (ticket.chats ?? []).flatMap((chat) => {
    const { audit_id: id, chat_id, visitor_id } = chat;
    const audit = (auditId: number, event: object) => ({
      id: auditId,
      ticket_id: ticket.id,
      created_at: chat.created_at,
      author_id: ticket.requester_id,
      metadata: { system: {}, custom: {} },
      via: { channel: ticket.channel, source: { from: {}, to: {}, rel: null } },
      events: [event],
    });
    const join = {
      type: "ChatJoin",
      chat_index: -1,
      timestamp: Date.parse(chat.created_at),
      actor_id: ticket.requester_id,
      actor_name: "Visitor",
      actor_type: "end-user",
    };
    const history = withHistory ? [join, ...chat.lines.map(presentLine)] : [];
    return [
      audit(id, {
        id: id + 1,
        type: "ChatStartedEvent",
        value: { visitor_id, chat_id, history },
        attachments: [],
      }),
      audit(id + 2, {
        id: id + 3,
        type: "ChatEndedEvent",
        value: { visitor_id, chat_id, chat_started_event_id: id + 1, is_served: true, tags: [] },
        attachments: [],
      }),
    ];
  });
}

const AUTHORS = { "end-user": "user", agent: "agent", bot: "bot" } as const;

/** The Conversation Log's events: the messages and, without their texts here, the comments. */
export function conversationLogOf(ticket: TicketRecord): { id: number; event: object }[] {
  const messages = (ticket.chats ?? []).flatMap((chat: ChatRecord) =>
    chat.lines.map((line, index) => ({
      id: chat.audit_id + 10 + index,
      event: {
        id: `01J${line.message_id.toUpperCase()}`,
        type: "Messaging::ConversationMessage",
        reference: `zen:sunco:conversation_message:${line.message_id}`,
        created_at: line.created_at,
        attachments: [],
        author: {
          type: AUTHORS[line.actor_type],
          display_name: line.actor_name,
          "zen:support:user_id": line.actor_id,
        },
        content: line.file
          ? { type: "file", mediaUrl: line.file.url, altText: line.file.file_name, text: "" }
          : { type: "text", text: line.text },
        source: { type: `zd:${ticket.channel}` },
        metadata: { custom: {}, system: {}, ticket_version: 0 },
      },
    })),
  );
  const comments = ticket.comments.map((comment) => ({
    id: comment.id,
    event: {
      id: `01K${comment.id}`,
      type: "Comment",
      reference: `zen:ticket_event:${comment.id}`,
      created_at: comment.created_at,
      attachments: [],
      author: { type: "agent", "zen:support:user_id": comment.author_id },
      content: { type: "html", body: comment.html_body ?? comment.body },
      metadata: { custom: {}, public: comment.public, system: {}, ticket_version: 0 },
    },
  }));
  return [...messages, ...comments].toSorted((left, right) => left.id - right.id);
}
