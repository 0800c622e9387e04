/** Turns a written conversation into the comments of one ticket. */
import { toSecondPrecision } from "../clock.ts";
import { escapeHtml } from "../zendesk/html.ts";
import type { AttachmentRecord, CommentRecord, UserRecord } from "../zendesk/model.ts";
import type {
  ConversationScript,
  Language,
  Line,
  SmallTalk,
  Speaker,
} from "./conversation-script.ts";
import { CITIES, COURIER_PARTNERS, RESTAURANT_NAMES } from "./names.ts";
import type { Random } from "./random.ts";
import { SMALL_TALK } from "./texts-small-talk.ts";

export interface ConversationOptions {
  readonly script: ConversationScript;
  readonly ticketId: number;
  readonly customer: UserRecord;
  /** Absent for a ticket that nobody has answered yet. */
  readonly agent?: UserRecord;
  /** Who writes the private notes and fills in for the agent. */
  readonly colleagues: readonly UserRecord[];
  readonly channel: string;
  readonly startedAt: Date;
  readonly random: Random;
}

export interface WrittenConversation {
  readonly subject: string;
  readonly comments: readonly CommentRecord[];
  readonly orderNumber: string;
}

const FILES: readonly (readonly [name: string, type: string])[] = [
  ["receipt.pdf", "application/pdf"],
  ["IMG_4471.HEIC", "image/heic"],
  ["screenshot 2025-03-14 at 12.04.11.png", "image/png"],
  ["deliveries (final) v2.csv", "text/csv"],
  ["تصوير.jpg", "image/jpeg"],
  ["קבלה.pdf", "application/pdf"],
  ["写真.jpg", "image/jpeg"],
  ["crash-log.txt", "text/plain"],
];

/** Under Zendesk's cut at 64 kB. */
const LONGEST_BODY_BYTES = 60_000;
/** Numbers of one ticket's comments and files lie in a block of their own. */
const IDS_PER_TICKET = 10_000;
const IDS_PER_COMMENT = 20;
const FIRST_COMMENT_ID = 514_000_000_000_000;

function amountOf(language: Language, random: Random): string {
  const whole = random.integer(4, 86);
  const cents = String(random.integer(0, 99)).padStart(2, "0");
  if (language === "ja") return `${whole * 100}円`;
  if (language === "en") return `£${whole}.${cents}`;
  if (language === "he") return `₪${whole}.${cents}`;
  return language === "ar" ? `${whole}.${cents} JOD` : `${whole},${cents} €`;
}

function fill(text: string, slots: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (slot, name: string) => slots[name] ?? slot);
}

/** The script's lines, cut or drawn out with small talk to the wanted number; nobody says a thing twice running. */
function chooseLines(
  script: ConversationScript,
  talk: SmallTalk,
  count: number,
  random: Random,
): Line[] {
  const lines = script.lines.slice(0, count);
  while (lines.length < count) {
    const speaker: Speaker = random.pick(["customer", "agent", "agent", "note"] as const);
    const recent = new Set(lines.slice(-4).map(([, text]) => text));
    const unsaid = talk[speaker].filter((text) => !recent.has(text));
    if (unsaid.length > 0) lines.push([speaker, random.pick(unsaid)]);
  }
  return lines;
}

/** A pasted log: what makes bodies long in life. */
function longLog(random: Random): string {
  const target = random.integer(20_000, LONGEST_BODY_BYTES - 200);
  let log = "Here is the complete log that you asked for:\n\n";
  let minute = 0;
  while (log.length < target) {
    const code = random.integer(100, 599);
    log += `12:${String(minute % 60).padStart(2, "0")} worker-${random.integer(1, 9)} GET /basket/${random.integer(1e5, 9e5)} ${code} ${random.integer(3, 4000)}ms\n`;
    minute += 1;
  }
  return log;
}

function quote(talk: SmallTalk, previous: string, slots: Readonly<Record<string, string>>): string {
  const lines = previous.split("\n").slice(0, 12);
  return `\n\n${fill(talk.quoteIntroduction, slots)}\n${lines.map((line) => `> ${line}`).join("\n")}`;
}

/** Hand-formatted HTML of an agent's reply: paragraphs, with the first sentence in bold. */
function formatted(body: string, language: Language): string {
  const direction = language === "ar" || language === "he" ? "rtl" : "auto";
  const paragraphs = body.split("\n\n").map((part, index) => {
    const inner = escapeHtml(part).replaceAll("\n", "<br>");
    return index === 0 ? `<p><strong>${inner}</strong></p>` : `<p>${inner}</p>`;
  });
  return `<div class="zd-comment" dir="${direction}">${paragraphs.join("")}</div>`;
}

function attach(firstId: number, random: Random): AttachmentRecord[] {
  return Array.from({ length: random.integer(1, 2) }, (_, index) => {
    const [file_name, content_type] = random.pick(FILES);
    const token = Array.from({ length: 24 }, () => random.integer(0, 35).toString(36)).join("");
    const size = Math.floor(1_000 * 3_000 ** random.next());
    return { id: firstId + index, file_name, content_type, size, inline: false, token };
  });
}

/** A reply can come within minutes or after the night. */
function pauseMs(random: Random): number {
  return Math.floor(40_000 * 1_000 ** random.next());
}

interface Writing {
  readonly options: ConversationOptions;
  readonly talk: SmallTalk;
  readonly slots: Readonly<Record<string, string>>;
}

/** What a comment says and carries; everything but who, when and its numbers. */
type Content = Pick<CommentRecord, "body" | "html_body" | "attachments">;

/** What was last said in public. */
interface Said {
  readonly body: string;
  readonly by: string;
}

function customerContent(
  writing: Writing,
  text: string,
  place: { readonly id: number; readonly previous: Said | undefined; readonly long: boolean },
): Content {
  const { talk, slots } = writing;
  const { random } = writing.options;
  const { previous } = place;
  let body = place.long ? longLog(random) : fill(text, slots);
  if (!place.long && random.chance(0.3)) {
    body += `\n\n${fill(random.pick(talk.customerSignatures), slots)}`;
  }
  if (previous !== undefined && random.chance(0.25)) {
    body += quote(talk, previous.body, { ...slots, customer: previous.by });
  }
  const attachments = random.chance(0.15) ? attach(place.id + 1, random) : [];
  // A mail that holds nothing but a picture has an empty text.
  const onlyFiles = attachments.length > 0 && previous !== undefined && random.chance(0.3);
  return { body: onlyFiles ? "" : body, attachments };
}

function agentContent(writing: Writing, text: string, id: number, author: UserRecord): Content {
  const { talk, slots, options } = writing;
  const { random } = options;
  const named = { ...slots, agent: author.name };
  const body = `${fill(text, named)}\n\n${fill(talk.agentSignature, named)}`;
  const attachments = random.chance(0.05) ? attach(id + 1, random) : [];
  if (!random.chance(0.3)) return { body, attachments };
  return { body, html_body: formatted(body, options.script.language), attachments };
}

function chooseAuthor(options: ConversationOptions, speaker: Speaker): UserRecord {
  const { agent, customer, colleagues, random } = options;
  if (speaker === "customer" || !agent) return customer;
  return speaker === "agent" && random.chance(0.85) ? agent : random.pick(colleagues);
}

function fillSlots(options: ConversationOptions, orderNumber: string): Writing["slots"] {
  const { random } = options;
  return {
    customer: options.customer.name,
    agent: options.agent?.name ?? "",
    order: orderNumber,
    amount: amountOf(options.script.language, random),
    partner: random.pick(COURIER_PARTNERS),
    restaurant: random.pick(RESTAURANT_NAMES),
    city: random.pick(CITIES),
    minutes: String(random.integer(15, 95)),
    invoice: `INV-${random.integer(10_000, 99_999)}`,
    date: toSecondPrecision(options.startedAt).slice(0, 10),
  };
}

function writeComments(writing: Writing, lines: readonly Line[]): CommentRecord[] {
  const { options } = writing;
  const { random } = options;
  const laterByCustomer = [...lines.keys()].filter((at) => at > 0 && lines[at]?.[0] === "customer");
  const long = laterByCustomer.length > 0 && random.chance(0.03);
  const longAt = long ? random.pick(laterByCustomer) : undefined;
  let at = options.startedAt.getTime();
  let previous: Said | undefined;
  return lines.map(([speaker, text], index) => {
    const id = FIRST_COMMENT_ID + options.ticketId * IDS_PER_TICKET + index * IDS_PER_COMMENT;
    const author = chooseAuthor(options, speaker);
    const content =
      speaker === "customer"
        ? customerContent(writing, text, { id, previous, long: index === longAt })
        : speaker === "agent"
          ? agentContent(writing, text, id, author)
          : { body: fill(text, writing.slots), attachments: [] };
    const created_at = toSecondPrecision(new Date(at));
    at += pauseMs(random);
    if (speaker !== "note") previous = { body: content.body, by: author.name };
    return {
      id,
      audit_id: id + IDS_PER_COMMENT / 2,
      author_id: author.id,
      public: speaker !== "note",
      channel: speaker === "customer" ? options.channel : "web",
      created_at,
      ...content,
    };
  });
}

/**
 * Writes the comments of one ticket: 2 to 12, the first by the customer.
 * Without an agent there are two, both by the customer.
 */
export function writeConversation(options: ConversationOptions): WrittenConversation {
  const { script, random } = options;
  const talk = SMALL_TALK[script.language];
  const orderNumber = `${random.pick(["AX", "BQ", "KT"])}-${random.integer(100_000, 999_999)}`;
  const writing = { options, talk, slots: fillSlots(options, orderNumber) };
  const lines: readonly Line[] = options.agent
    ? chooseLines(script, talk, random.integer(2, 12), random)
    : [...script.lines.slice(0, 1), ["customer", random.pick(talk.customer)]];
  return {
    subject: fill(script.subject, writing.slots),
    comments: writeComments(writing, lines),
    orderNumber,
  };
}
