/**
 * What customers think of how they were served: ratings of the older kind and responses to surveys, of which an account has one.
 * Source: Zendesk API reference, "Satisfaction Ratings" and "CSAT Survey Responses".
 */
import { toSecondPrecision } from "../clock.ts";
import type { TicketRecord } from "./model.ts";
import type { ZendeskStore } from "./store-contract.ts";

export interface RatingRecord {
  readonly id: number;
  readonly ticket_id: number;
  readonly requester_id: number;
  readonly assignee_id: number | null;
  readonly group_id: number | null;
  readonly score: "offered" | "good" | "bad";
  readonly comment: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface SurveyRecord {
  readonly id: string;
  readonly ticket_id: number;
  readonly responder_id: number;
  /** Of five; null: the question was skipped. */
  readonly rating: number | null;
  readonly comment: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** What customers do. Every move throws when the ticket is unknown. Ids are decimal strings. */
export interface Customers {
  /** Asks for a rating of the older kind, as an automation does. */
  offer(ticketId: string): RatingRecord;
  /** Rates, or changes the rating that is there. */
  rate(ticketId: string, score: "good" | "bad", comment?: string): RatingRecord;
  /** Answers the survey; null for a question that is skipped. Again: changes the answers. */
  answerSurvey(ticketId: string, rating: number | null, comment?: string): SurveyRecord;
}

export interface Satisfaction extends Customers {
  /** By id. */
  ratings(): readonly RatingRecord[];
  surveys(): readonly SurveyRecord[];
}

const FIRST_RATING_ID = 360_030_000_000_003;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A number as the 26 digits of a ULID. */
function toUlid(value: number): string {
  let rest = BigInt(value);
  let digits = "";
  while (digits.length < 24) {
    digits = (ALPHABET[Number(rest % 32n)] ?? "0") + digits;
    rest /= 32n;
  }
  return `01${digits}`;
}

export function createSatisfaction(store: ZendeskStore, now: () => Date): Satisfaction {
  /** By ticket. */
  const ratings = new Map<number, RatingRecord>();
  const surveys = new Map<number, SurveyRecord>();
  let nextId = FIRST_RATING_ID;

  function find(ticketId: string): TicketRecord {
    const ticket = store.ticket(Number(ticketId));
    if (!ticket) throw new Error(`there is no ticket ${ticketId}`);
    return ticket;
  }

  /** Rating is a change of the ticket for which ZIS has no event. */
  function touch(ticket: TicketRecord): void {
    const author = store.user(ticket.requester_id);
    if (author) store.amend(ticket, { events: [], audit: [] }, { author, channel: "web" });
  }

  function keep(
    ticket: TicketRecord,
    score: RatingRecord["score"],
    comment: string | null,
  ): RatingRecord {
    const at = toSecondPrecision(now());
    const known = ratings.get(ticket.id);
    const rating: RatingRecord = {
      id: known?.id ?? nextId++,
      ticket_id: ticket.id,
      requester_id: ticket.requester_id,
      assignee_id: ticket.assignee_id,
      group_id: ticket.group_id,
      score,
      comment,
      created_at: known?.created_at ?? at,
      updated_at: at,
    };
    ratings.set(ticket.id, rating);
    touch({ ...ticket, satisfaction: { id: rating.id, score, comment } });
    return rating;
  }

  /** What is said of a ticket that was deleted for good goes with it. */
  function live<T extends { readonly ticket_id: number }>(records: Map<number, T>): T[] {
    for (const id of records.keys()) {
      if (!store.ticket(id) && !store.deletedTicket(id)) records.delete(id);
    }
    return [...records.values()].filter(({ ticket_id }) => store.ticket(ticket_id));
  }

  return {
    offer: (ticketId) => keep(find(ticketId), "offered", null),
    rate: (ticketId, score, comment) => keep(find(ticketId), score, comment ?? null),
    answerSurvey(ticketId, rating, comment) {
      const ticket = find(ticketId);
      const at = toSecondPrecision(now());
      const known = surveys.get(ticket.id);
      const survey: SurveyRecord = {
        id: known?.id ?? toUlid(nextId++),
        ticket_id: ticket.id,
        responder_id: ticket.requester_id,
        rating,
        comment: comment ?? null,
        created_at: known?.created_at ?? at,
        updated_at: at,
      };
      surveys.set(ticket.id, survey);
      touch(ticket);
      return survey;
    },
    ratings: () => live(ratings).toSorted((a, b) => a.id - b.id),
    surveys: () => live(surveys),
  };
}
