/** What was said on a ticket of a calculated account: made from the ticket's number alone, and only when it is read. */
import { toSecondPrecision } from "../../clock.ts";
import type { AttachmentRecord, CommentRecord, UserRecord } from "../../zendesk/model.ts";
import type { ConversationScript, Line, Speaker } from "../conversation-script.ts";
import { CITIES, COURIER_PARTNERS, RESTAURANT_NAMES } from "../names.ts";
import { hashOf } from "../random.ts";
import { SMALL_TALK } from "../texts-small-talk.ts";
import { LONGEST_CONVERSATION } from "./timeline.ts";

interface Conversation {
  readonly seed: number;
  readonly ticketId: number;
  readonly script: ConversationScript;
  readonly customer: Pick<UserRecord, "id" | "name">;
  readonly agent: Pick<UserRecord, "id" | "name">;
  readonly channel: string;
  /** Unix seconds. */
  readonly startedAt: number;
}

const FIRST_COMMENT_ID = 514_000_000_000_000;
/** Numbers of one ticket's comments, audits and files lie in a block of their own. */
const IDS_PER_TICKET = 1_000;
const IDS_PER_COMMENT = 20;
const AUDIT_AFTER_COMMENT = 10;

/** Between a token's secret and the comment that it is of; no number is written with it. */
const TOKEN_MARK = "_";
const MOST_COMMENTS = 12;
const FILES = [
  ["receipt.pdf", "application/pdf"],
  ["IMG_4471.HEIC", "image/heic"],
  ["写真.jpg", "image/jpeg"],
  ["crash-log.txt", "text/plain"],
] as const;

/** The ticket that a comment or an audit belongs to. */
export function ticketIdOfPart(id: number): number {
  return Math.floor((id - FIRST_COMMENT_ID) / IDS_PER_TICKET);
}

/** The ticket with the file of this token, if it is one of these. */
export function ticketIdOfToken(token: string): number | undefined {
  const comment = token.split(TOKEN_MARK)[1];
  return comment === undefined ? undefined : ticketIdOfPart(Number.parseInt(comment, 36));
}

/** How many comments there are (2 to 12), and when each was written (Unix seconds, within the longest conversation). */
export function commentTimes(seed: number, ticketId: number, startedAt: number): number[] {
  const count = 2 + (hashOf(seed, ticketId, 21) % (MOST_COMMENTS - 1));
  const longestPause = Math.floor(LONGEST_CONVERSATION / MOST_COMMENTS);
  let at = startedAt;
  return Array.from({ length: count }, (_, index) => {
    if (index > 0) at += 30 + (hashOf(seed, ticketId, 30 + index) % (longestPause - 30));
    return at;
  });
}

function lineAt({ script, seed, ticketId }: Conversation, index: number): Line {
  const scripted = script.lines[index];
  if (scripted) return scripted;
  const speakers: readonly Speaker[] = ["customer", "agent", "agent", "note"];
  const draw = hashOf(seed, ticketId, 50 + index);
  const speaker = speakers[draw % 4] ?? "agent";
  const said = SMALL_TALK[script.language][speaker];
  return [speaker, said[(draw >>> 8) % said.length] ?? ""];
}

function filesOf({ seed, ticketId }: Conversation, commentId: number, index: number) {
  const draw = hashOf(seed, ticketId, 70 + index);
  if (draw % 16 !== 0) return [];
  const [file_name, content_type] = FILES[(draw >>> 8) % FILES.length] ?? FILES[0];
  const secret = [1, 2, 3].map((part) => hashOf(seed, commentId, part).toString(36)).join("");
  const token = `${secret}${TOKEN_MARK}${commentId.toString(36)}`;
  const file: AttachmentRecord = {
    id: commentId + 1,
    file_name,
    content_type,
    size: 1_000 + (hashOf(seed, commentId, 5) % 400_000),
    inline: false,
    token,
  };
  return [file];
}

/** The number of the ticket's order, which stands in a field and in the texts. */
export function orderNumberOf(seed: number, ticketId: number): string {
  const draw = hashOf(seed, ticketId, 22);
  return `${["AX", "BQ", "KT"][draw % 3]}-${100_000 + ((draw >>> 4) % 900_000)}`;
}

function slotsOf({ seed, ticketId, customer, agent }: Conversation): Record<string, string> {
  const draw = (label: number) => hashOf(seed, ticketId, label);
  const pick = (texts: readonly string[], label: number) => texts[draw(label) % texts.length] ?? "";
  return {
    customer: customer.name,
    agent: agent.name,
    order: orderNumberOf(seed, ticketId),
    amount: `${4 + (draw(23) % 80)}.${String(draw(24) % 100).padStart(2, "0")}`,
    partner: pick(COURIER_PARTNERS, 25),
    restaurant: pick(RESTAURANT_NAMES, 26),
    city: pick(CITIES, 27),
    minutes: String(15 + (draw(28) % 80)),
    invoice: `INV-${10_000 + (draw(29) % 90_000)}`,
  };
}

const fill = (text: string, slots: Readonly<Record<string, string>>) =>
  text.replace(/\{(\w+)\}/g, (slot, name: string) => slots[name] ?? slot);

export function subjectOf(conversation: Conversation): string {
  return fill(conversation.script.subject, slotsOf(conversation));
}

/** The comments, oldest first. */
export function commentsOf(conversation: Conversation): CommentRecord[] {
  const { seed, ticketId, startedAt, customer, agent, channel } = conversation;
  const slots = slotsOf(conversation);
  return commentTimes(seed, ticketId, startedAt).map((second, index) => {
    const [speaker, text] = lineAt(conversation, index);
    const id = FIRST_COMMENT_ID + ticketId * IDS_PER_TICKET + index * IDS_PER_COMMENT;
    return {
      id,
      audit_id: id + AUDIT_AFTER_COMMENT,
      author_id: speaker === "customer" ? customer.id : agent.id,
      body: fill(text, slots),
      public: speaker !== "note",
      attachments: filesOf(conversation, id, index),
      channel: speaker === "customer" ? channel : "web",
      created_at: toSecondPrecision(new Date(second * 1_000)),
    };
  });
}
