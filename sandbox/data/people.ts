/** The people of the sample account: agents in groups, customers, their organizations. */
import { toSecondPrecision } from "../clock.ts";
import type { GroupRecord, OrganizationRecord, UserRecord } from "../zendesk/model.ts";
import type { Language } from "./conversation-script.ts";
import { AGENT_NAMES, COMPANY_NAMES, CUSTOMER_NAMES, GROUP_NAMES, MAIL_DOMAINS } from "./names.ts";
import type { Random } from "./random.ts";

/** A customer, and the language in which they write. */
export interface Customer {
  readonly user: UserRecord;
  readonly language: Language;
}

export const TIME_ZONES: Readonly<Record<Language, string>> = {
  en: "London",
  de: "Berlin",
  fr: "Paris",
  es: "Madrid",
  ar: "Riyadh",
  he: "Jerusalem",
  ja: "Tokyo",
};

/** Twelve customers in twenty write English; every other language is there as well. */
export const LANGUAGE_DECK: readonly Language[] = [
  ...Array.from({ length: 12 }, (): Language => "en"),
  "de",
  "de",
  "fr",
  "es",
  "ar",
  "he",
  "ja",
  "es",
];

export function buildGroups(createdAt: string): GroupRecord[] {
  return GROUP_NAMES.map((name, index) => ({
    id: 361_204_880_117 + index * 16,
    name,
    created_at: createdAt,
  }));
}

export function buildOrganizations(createdAt: string): OrganizationRecord[] {
  return COMPANY_NAMES.map((name, index) => ({
    id: 361_454_622_831 + index * 32,
    name,
    external_id: index % 3 === 0 ? `crm-${20_418 + index}` : null,
    created_at: createdAt,
  }));
}

/** The local part of an address made from a name; `serial` tells namesakes apart. */
export function mailbox(name: string, serial: number): string {
  const ascii = name
    .normalize("NFD")
    .replace(/[^A-Za-z' ]/g, "")
    .trim()
    .replace(/\s+/g, ".")
    .toLowerCase();
  return ascii === "" ? `customer.${serial}` : `${ascii}.${serial}`;
}

/** Forty agents, spread evenly over the groups; the first two are administrators. */
export function buildAgents(groups: readonly GroupRecord[], createdAt: string): UserRecord[] {
  return AGENT_NAMES.map((name, index) => ({
    id: 397_512_204_000_113 + index * 7_919,
    name,
    email: `${mailbox(name, index + 1)}@caseqa.example`,
    role: index < 2 ? "admin" : "agent",
    phone: null,
    locale: "en-GB",
    time_zone: "London",
    organization_id: null,
    default_group_id: groups[index % groups.length]?.id ?? null,
    active: true,
    suspended: false,
    created_at: createdAt,
    updated_at: createdAt,
  }));
}

/** E-mail addresses as people type them: mostly lower case, some not, a few with a plus or an apostrophe. */
function emailOf(name: string, serial: number, random: Random): string {
  const local = mailbox(name, serial) + (random.chance(0.06) ? "+orders" : "");
  const address = `${local}@${random.pick(MAIL_DOMAINS)}`;
  if (!random.chance(0.12)) return address;
  return address.replace(
    /(^|\.)([a-z])/g,
    (_, dot: string, letter: string) => dot + letter.toUpperCase(),
  );
}

function buildCustomer(
  index: number,
  organizations: readonly OrganizationRecord[],
  createdAt: Date,
  random: Random,
): Customer {
  const language = LANGUAGE_DECK[index % LANGUAGE_DECK.length] ?? "en";
  const name = random.pick(CUSTOMER_NAMES[language]);
  const address = emailOf(name, 100 + index, random);
  const made = toSecondPrecision(new Date(createdAt.getTime() + index * 61_000));
  return {
    language,
    user: {
      id: 412_203_118_940_561 + index * 104_729,
      name,
      email: index % 25 === 24 ? null : address,
      role: "end-user",
      phone: random.chance(0.3) ? `+4420794601${random.integer(10, 99)}` : null,
      locale: language === "en" ? "en-GB" : language,
      time_zone: TIME_ZONES[language],
      organization_id: random.chance(0.4) ? random.pick(organizations).id : null,
      default_group_id: null,
      active: true,
      suspended: random.chance(0.01),
      created_at: made,
      updated_at: made,
    },
  };
}

/** Customers in a stable order; every 25th is known by telephone only and has no e-mail address. */
export function buildCustomers(
  count: number,
  organizations: readonly OrganizationRecord[],
  createdAt: Date,
  random: Random,
): Customer[] {
  return Array.from({ length: count }, (_, index) =>
    buildCustomer(index, organizations, createdAt, random.fork(index)),
  );
}
