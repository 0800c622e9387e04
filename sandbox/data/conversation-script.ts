/** What a written conversation looks like before names, orders and amounts are filled in. */

export type Language = "en" | "de" | "fr" | "es" | "ar" | "he" | "ja";

export type Topic = "order" | "billing" | "delivery" | "technical";

/** Who speaks: the customer, an agent in public, or an agent in a private note. */
export type Speaker = "customer" | "agent" | "note";

export type Line = readonly [speaker: Speaker, text: string];

/**
 * One conversation. Texts may hold the slots `{customer}`, `{agent}`, `{order}`, `{amount}`, `{partner}`,
 * `{restaurant}`, `{city}`, `{minutes}` and `{invoice}`.
 */
export interface ConversationScript {
  readonly language: Language;
  readonly topic: Topic;
  readonly subject: string;
  /** At least two; the first is the customer's. */
  readonly lines: readonly Line[];
}

/** What people of one language say in any conversation, to make it longer. */
export interface SmallTalk {
  readonly language: Language;
  readonly customer: readonly string[];
  readonly agent: readonly string[];
  readonly note: readonly string[];
  /** What a mail program puts above a quoted reply; `{customer}` is its writer. */
  readonly quoteIntroduction: string;
  readonly agentSignature: string;
  readonly customerSignatures: readonly string[];
}
