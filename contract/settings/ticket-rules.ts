/** What the settings say about a ticket: whether it counts, and which case number was typed into it. Pure. */
import type { Settings } from "./settings.ts";

/** What the rules read of a ticket. Ids are text. */
export interface RuledTicket {
  readonly tags: readonly string[];
  readonly formId: string | undefined;
  readonly brandId: string | undefined;
  readonly groupId: string | undefined;
}

export interface TicketFields {
  readonly customFields: readonly { readonly id: string; readonly value: unknown }[];
}

/** Ids are numbers or text in settings: compared as text. Empty: all count. */
function isOutside(wanted: readonly (number | string)[], id: string | undefined): boolean {
  return wanted.length > 0 && !wanted.some((one) => String(one) === id);
}

/** Null: the ticket counts. Otherwise the first rule that leaves it alone, in the order and the words of the flows. */
export function whyLeftAlone(settings: Settings, ticket: RuledTicket): string | null {
  if (!settings.enabled) return "CaseQA is switched off";
  const tag = settings.ignore_tags.find((one) => ticket.tags.includes(one));
  if (tag !== undefined) return `it carries the tag ${tag}`;
  const outside = [
    ["form", isOutside(settings.forms, ticket.formId)],
    ["brand", isOutside(settings.brands, ticket.brandId)],
    ["group", isOutside(settings.groups, ticket.groupId)],
  ] as const;
  const [first] = outside.filter(([, is]) => is);
  return first ? `its ${first[0]} is not among those that count` : null;
}

/** What may make a conversation worth storing. */
export type CaptureOccasion = "solved" | "closed" | "public_reply";

export interface CapturedTicket extends Pick<RuledTicket, "formId" | "brandId" | "groupId"> {
  readonly account: string;
  readonly ticketId: string;
}

const OCCASIONS = {
  solved: ["capture_on_solved", "solved tickets"],
  closed: ["capture_on_closed", "closed tickets"],
  public_reply: ["capture_on_public_reply", "public replies"],
} as const;

/**
 * Null: the conversation is to be stored. Otherwise the first rule against it, for people. One that is stored already is
 * kept up to date whatever this says.
 */
export function whyNotCaptured(
  settings: Settings,
  ticket: CapturedTicket,
  occasion: CaptureOccasion,
): string | null {
  const [setting, what] = OCCASIONS[occasion];
  if (!settings[setting]) return `the settings want no conversations of ${what}`;
  const outside = [
    ["group", isOutside(settings.capture_groups, ticket.groupId)],
    ["brand", isOutside(settings.capture_brands, ticket.brandId)],
    ["form", isOutside(settings.capture_forms, ticket.formId)],
  ] as const;
  const [first] = outside.filter(([, is]) => is);
  if (first) return `its ${first[0]} is not among those whose conversations are stored`;
  if (placeOf(ticket) >= settings.capture_share_percent) {
    return `it is not in the ${settings.capture_share_percent} % of tickets whose conversations are stored`;
  }
  return null;
}

/**
 * Whether the conversation of a ticket that an export shows is to be stored. A closed ticket was solved before; of public
 * replies an export knows nothing.
 */
export function wantsConversation(
  settings: Settings,
  ticket: RuledTicket & { readonly id: string; readonly status: string },
  account: string,
): boolean {
  const occasions = OCCASIONS_OF[ticket.status] ?? [];
  if (occasions.length === 0 || whyLeftAlone(settings, ticket) !== null) return false;
  const captured = { ...ticket, account, ticketId: ticket.id };
  return occasions.some((occasion) => whyNotCaptured(settings, captured, occasion) === null);
}

const OCCASIONS_OF: Readonly<Record<string, readonly CaptureOccasion[]>> = {
  solved: ["solved"],
  closed: ["solved", "closed"],
};

/**
 * From 0 to 99, evenly and the same wherever it is asked: FNV-1a over account and ticket, then the finalizer of MurmurHash3,
 * because ids that follow each other differ in their last bits only.
 */
function placeOf({ account, ticketId }: CapturedTicket): number {
  let hash = 0x811c9dc5;
  for (const character of `${account}:${ticketId}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % 100;
}

/** The text of the field in which agents type a case number; undefined: the field does not exist, or is empty. */
export function typedNumber(
  { customFields }: TicketFields,
  fieldId: string | undefined,
): string | undefined {
  const value = customFields.find(({ id }) => id === fieldId)?.value;
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  return String(value).trim() === "" ? undefined : String(value);
}

/** What an agent typed as the case number, under these settings. */
export function typedCaseNumber(settings: Settings, ticket: TicketFields): string | undefined {
  const { case_number_field_id: fieldId } = settings;
  return typedNumber(ticket, fieldId === null ? undefined : String(fieldId));
}
