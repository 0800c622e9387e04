/** Reads what was said on a ticket outside its comments: in chats and by messaging. */
import { AppError } from "#platform/errors";
import type { RemoteCall } from "#platform/outbound/send";
import { readChatMessages } from "./chat-messages.ts";
import type { ZendeskClient } from "./client.ts";
import type { ZendeskComment } from "./comment-rows.ts";
import { readList, type ListQuestion, type ListRead } from "./cursor-list.ts";
import { readLogMessages } from "./log-messages.ts";
import type { ZendeskTicket } from "./rows.ts";

/** What to do when the account lets us read neither. */
const REMEDY =
  "Give the OAuth client the broad scope read (ZENDESK_SCOPE=read tickets:write), which opens the audits";

/** A ticket may hold 5,000 comments, and has an audit for each and for each other update. */
const MOST_PAGES = 100;

/**
 * Channels whose tickets keep messages outside the comments, besides tickets that say so themselves (Zendesk API
 * reference, "Via types"; zenpy issue 663 for WhatsApp).
 */
const CHANNELS: ReadonlySet<string> = new Set([
  "chat",
  "messaging",
  "native_messaging",
  "whatsapp",
  "line",
  "wechat",
  "telegram",
  "viber",
  "kakaotalk",
  "instagram_dm",
  "twitter_dm",
  "facebook_messenger",
  "apple_business_chat",
  "google_business_messages",
  "google_rcs",
]);

/** A ticket without any text in its comments counts too, because every other ticket has a description. */
export function mayHaveMessages(
  { channel, isFromMessaging }: Pick<ZendeskTicket, "channel" | "isFromMessaging">,
  comments: readonly ZendeskComment[],
): boolean {
  if (isFromMessaging || !comments.some(saysSomething)) return true;
  return (
    channel !== undefined && (CHANNELS.has(channel) || channel.startsWith("sunshine_conversations"))
  );
}

function saysSomething({ kind, body, attachments }: ZendeskComment): boolean {
  return kind === "voice" || body.trim() !== "" || attachments.length > 0;
}

export interface MessagesRead {
  readonly messages: readonly ZendeskComment[];
  readonly skipped: number;
  /** Why these may not be all the messages; undefined: they are. */
  readonly unreadable: string | undefined;
}

/**
 * The messages from the audits, or from the Conversation Log where the audits have none. Undefined: the ticket does not
 * exist. Where we may read neither, the public comments count as everything that was said, because they hold the transcript
 * of older chats; tickets of messaging are an exception. Throws ZENDESK_UNAVAILABLE.
 */
export async function readMessages(
  client: Pick<ZendeskClient, "get">,
  { id: ticketId, isFromMessaging }: Pick<ZendeskTicket, "id" | "isFromMessaging">,
  comments: readonly ZendeskComment[],
  call: RemoteCall,
): Promise<MessagesRead | undefined> {
  const path = `/api/v2/tickets/${ticketId}`;
  const audits = await readOrRefused(client, `${path}/audits.json`, "audits", call);
  if (audits.kind === "gone") return undefined;
  const chat = audits.kind === "read" ? readChatMessages(audits.rows) : undefined;
  if (chat && chat.messages.length > 0) return { ...chat, unreadable: undefined };
  const log = await readOrRefused(client, `${path}/conversation_log`, "events", call);
  const logged = log.kind === "read" ? readLogMessages(log.rows) : undefined;
  const skipped = (chat?.skipped ?? 0) + (logged?.skipped ?? 0);
  const messages = logged?.messages ?? [];
  const isInComments =
    !isFromMessaging && comments.some((one) => one.public === true && saysSomething(one));
  const isKnown =
    messages.length > 0 || (chat && !chat.hasChat) || log.kind === "read" || isInComments;
  const isSaid = messages.length > 0 || comments.some(saysSomething);
  if (isKnown && isSaid) return { messages, skipped, unreadable: undefined };
  return { messages, skipped, unreadable: explain([audits, log]) };
}

type Read =
  | (Pick<ListRead, "rows"> & { readonly kind: "read" })
  | { readonly kind: "gone" }
  | { readonly kind: "refused"; readonly why: string };

async function readOrRefused(
  client: Pick<ZendeskClient, "get">,
  path: string,
  member: ListQuestion["member"],
  call: RemoteCall,
): Promise<Read> {
  try {
    const list = await readList(client, { path, member, mostPages: MOST_PAGES }, call);
    if (!list) return { kind: "gone" };
    if (list.isWhole) return { kind: "read", rows: list.rows };
    return { kind: "refused", why: `GET ${path} has more than ${MOST_PAGES} pages` };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "ZENDESK_REFUSED") throw error;
    return { kind: "refused", why: error.message };
  }
}

function explain(sources: readonly Read[]): string {
  const refusals = sources.flatMap((source) => (source.kind === "refused" ? [source.why] : []));
  const cause = "what was said is not in the comments, nor in the audits or the Conversation Log";
  if (refusals.length === 0) return `${cause} of this ticket`;
  return `what was said is not in the comments, and elsewhere it cannot be read: ${refusals.join("; ")}. ${REMEDY}.`;
}
