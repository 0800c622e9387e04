/** Decides for every ticket which case it is to have, and opens the cases that make it so. */
import type { UserRecord } from "../zendesk/model.ts";
import type { CaseBook, CasePerson } from "./cases.ts";
import type { Customer } from "./people.ts";
import type { Random } from "./random.ts";

/** What a ticket is to show of its case. */
export interface TicketPlan {
  readonly ticketId: number;
  readonly customer: Customer;
  /** What the case-number field holds. */
  readonly caseNumberField: string | null;
}

type Way = "case_number" | "external_id" | "requester_email" | "ambiguous" | "none";

/** In twenty tickets: ten with a case, three with several, seven without. */
const WAYS: readonly Way[] = [
  ...Array.from({ length: 4 }, (): Way => "case_number"),
  ...Array.from({ length: 3 }, (): Way => "external_id"),
  ...Array.from({ length: 3 }, (): Way => "requester_email"),
  ...Array.from({ length: 3 }, (): Way => "ambiguous"),
  ...Array.from({ length: 7 }, (): Way => "none"),
];

/** How many open cases a customer has, in ten customers. */
const OPEN_CASES: readonly number[] = [1, 1, 1, 1, 2, 3, 0, 0, 0, 0];

/** Texts in the field that name no case; the look-up then goes on with the next rule. */
const USELESS_FIELD_TEXTS = ["99999999", "00000007", "n/a", "see mail", "1234567890123", "-"];

type Reachable = UserRecord & { readonly email: string };

function isReachable(user: UserRecord): user is Reachable {
  return user.email !== null;
}

function deal<T>(deck: readonly T[], count: number, random: Random): T[] {
  const dealt: T[] = [];
  while (dealt.length < count) dealt.push(...random.shuffle(deck));
  return dealt.slice(0, count);
}

function personOf(user: Reachable, random: Random): CasePerson {
  return { kind: random.chance(0.6) ? "contact" : "supplied", user };
}

/** A case number as an agent types it. */
function asTyped(number: string, random: Random): string {
  const short = number.replace(/^0+/, "");
  return random.pick([
    number,
    number,
    short,
    ` ${number} `,
    `${short} `,
    `Case ${number}`,
    `#${short}`,
    `#${number}`,
  ]);
}

interface CustomerPools {
  readonly one: readonly Customer[];
  readonly several: readonly Customer[];
  readonly none: readonly Customer[];
  /** Numbers of the open cases of those who have one. */
  readonly openCaseNumbers: ReadonlyMap<number, string>;
}

function openCustomerCases(
  customers: readonly Customer[],
  book: CaseBook,
  random: Random,
): CustomerPools {
  const counts = deal(OPEN_CASES, customers.length, random);
  const one: Customer[] = [];
  const several: Customer[] = [];
  const none: Customer[] = [];
  const openCaseNumbers = new Map<number, string>();
  for (const [index, customer] of customers.entries()) {
    const { user } = customer;
    const count = counts[index] ?? 0;
    if (!isReachable(user)) {
      none.push(customer);
      continue;
    }
    for (let opened = 0; opened < count; opened += 1) {
      const subject = opened === 0 ? "Compensation claim" : `Follow-up claim ${opened}`;
      const { number } = book.add({ person: personOf(user, random), closed: false, subject });
      openCaseNumbers.set(user.id, number);
    }
    // Closed cases of the same person must not be found by e-mail.
    if (random.chance(0.35)) {
      book.add({ person: personOf(user, random), closed: true, subject: "Settled claim" });
    }
    (count === 0 ? none : count === 1 ? one : several).push(customer);
  }
  return { one, several, none, openCaseNumbers };
}

/** A person for a case that is found by its number or ticket; never one more open case of the customer. */
function quietPerson(customer: Customer, random: Random): { person: CasePerson; closed: boolean } {
  const { user } = customer;
  if (isReachable(user) && random.chance(0.5))
    return { person: personOf(user, random), closed: true };
  return { person: { kind: "stranger" }, closed: random.chance(0.3) };
}

/** Plans all tickets and opens their cases in `book`. Needs at least ten customers, so that no pool is empty. */
export function planCases(
  ticketIds: readonly number[],
  customers: readonly Customer[],
  book: CaseBook,
  random: Random,
): TicketPlan[] {
  const pools = openCustomerCases(customers, book, random);
  const ways = deal(WAYS, ticketIds.length, random);

  function openFromTicket(ticketId: number, customer: Customer): void {
    const subject = `Opened from ticket ${ticketId}`;
    book.add({ ...quietPerson(customer, random), subject, zendeskTicketId: ticketId });
  }

  function planTypedNumber(ticketId: number): TicketPlan {
    const customer = random.pick(customers);
    const own = pools.openCaseNumbers.get(customer.user.id);
    if (own !== undefined && random.chance(0.5)) {
      return { ticketId, customer, caseNumberField: asTyped(own, random) };
    }
    const { number } = book.add({ ...quietPerson(customer, random), subject: "Goods claim" });
    // The typed number outranks a case that names the ticket.
    if (random.chance(0.15)) openFromTicket(ticketId, customer);
    return { ticketId, customer, caseNumberField: asTyped(number, random) };
  }

  const fromPool = (pool: readonly Customer[]) => (ticketId: number) => ({
    ticketId,
    customer: random.pick(pool),
    caseNumberField: random.chance(0.12) ? random.pick(USELESS_FIELD_TEXTS) : null,
  });
  const planners: Readonly<Record<Way, (ticketId: number) => TicketPlan>> = {
    case_number: planTypedNumber,
    external_id(ticketId) {
      const plan = fromPool(customers)(ticketId);
      openFromTicket(ticketId, plan.customer);
      return plan;
    },
    requester_email: fromPool(pools.one),
    ambiguous: fromPool(pools.several),
    none: fromPool(pools.none),
  };

  return ticketIds.map((ticketId, index) => planners[ways[index] ?? "none"](ticketId));
}
