/** The customers of a calculated account: each is made from its number alone. */
import { toSecondPrecision } from "../../clock.ts";
import type { OrganizationRecord, UserRecord } from "../../zendesk/model.ts";
import type { RecordHistory } from "../../zendesk/record-table.ts";
import type { Language } from "../conversation-script.ts";
import { CUSTOMER_NAMES, MAIL_DOMAINS } from "../names.ts";
import { LANGUAGE_DECK, mailbox, TIME_ZONES } from "../people.ts";
import { hashOf } from "../random.ts";

export interface Customers extends RecordHistory<UserRecord> {
  /** Who writes ticket `ticket` of `tickets`: somebody who was there by then. */
  requesterOf(ticket: number, tickets: number): number;
  /** What their tickets name. */
  briefOf(customer: number): Brief;
  languageOf(customer: number): Language;
  byEmail(email: string): UserRecord | undefined;
}

type Brief = Pick<UserRecord, "id" | "name" | "organization_id">;

interface CustomersOptions {
  readonly seed: number;
  readonly count: number;
  /** Unix seconds: the first was made then, the last before that. */
  readonly from: number;
  readonly until: number;
  readonly organizations: readonly OrganizationRecord[];
}

const FIRST_ID = 421_000_000_000_019;
const STEP = 61;

/**
 * @throws RangeError when there is less than a second for each
 */
export function createCustomers(options: CustomersOptions): Customers {
  const { seed, count, from, until, organizations } = options;
  const spacing = (until - from) / count;
  if (spacing < 1) throw new RangeError(`customers: ${count} do not fit a second apart`);
  const secondOf = (customer: number) => from + Math.floor(customer * spacing);
  const languageOf = (customer: number) => LANGUAGE_DECK[customer % LANGUAGE_DECK.length] ?? "en";

  function briefOf(customer: number): Brief {
    const names = CUSTOMER_NAMES[languageOf(customer)];
    const organization = organizations[hashOf(seed, customer, 13) % organizations.length];
    return {
      id: FIRST_ID + customer * STEP,
      name: names[hashOf(seed, customer, 11) % names.length] ?? "",
      organization_id: hashOf(seed, customer, 14) % 5 < 2 ? (organization?.id ?? null) : null,
    };
  }

  function at(customer: number): UserRecord {
    const language = languageOf(customer);
    const brief = briefOf(customer);
    const domain = MAIL_DOMAINS[hashOf(seed, customer, 12) % MAIL_DOMAINS.length] ?? "";
    const made = toSecondPrecision(new Date(secondOf(customer) * 1_000));
    return {
      ...brief,
      email: customer % 25 === 24 ? null : `${mailbox(brief.name, customer)}@${domain}`,
      role: "end-user",
      phone: null,
      locale: language === "en" ? "en-GB" : language,
      time_zone: TIME_ZONES[language],
      default_group_id: null,
      active: true,
      suspended: hashOf(seed, customer, 15) % 100 === 0,
      created_at: made,
      updated_at: made,
    };
  }

  function numberOf(id: number): number | undefined {
    const customer = (id - FIRST_ID) / STEP;
    return Number.isInteger(customer) && customer >= 0 && customer < count ? customer : undefined;
  }

  function* fromNumber(first: number): Iterable<UserRecord> {
    for (let customer = first; customer < count; customer += 1) yield at(customer);
  }

  return {
    count,
    briefOf,
    languageOf,
    requesterOf: (ticket, tickets) =>
      hashOf(seed, ticket, 16) % (Math.floor((ticket * (count - 1)) / tickets) + 1),
    get(id) {
      const customer = numberOf(id);
      return customer === undefined ? undefined : at(customer);
    },
    byId: (after) => fromNumber(Math.max(0, Math.floor((after - FIRST_ID) / STEP) + 1)),
    // Nobody changed since they were made, so the order of change is that of numbers.
    changedAfter([second, id]) {
      const first = Math.max(0, Math.ceil((second - from) / spacing) - 2);
      let customer = first;
      while (customer < count) {
        const made = secondOf(customer);
        if (made > second || (made === second && FIRST_ID + customer * STEP > id)) break;
        customer += 1;
      }
      return fromNumber(customer);
    },
    byEmail(email) {
      const number = Number(/\.(\d+)@/.exec(email)?.[1] ?? Number.NaN);
      if (!(number >= 0 && number < count)) return undefined;
      const user = at(number);
      return user.email?.toLowerCase() === email.toLowerCase() ? user : undefined;
    },
  };
}
