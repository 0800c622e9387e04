/** Which case belongs to a ticket, worked out from the finished data by the rules in plain form. */
import type { TicketRecord, UserRecord } from "../zendesk/model.ts";
import type { SfRecord } from "./cases.ts";
import { CASE_NUMBER_FIELD_ID } from "./ticket-fields.ts";

export type Truth =
  | {
      readonly outcome: "matched";
      readonly caseId: string;
      readonly by: "case_number" | "external_id" | "requester_email";
    }
  | { readonly outcome: "ambiguous"; readonly caseIds: readonly string[] }
  | { readonly outcome: "none" };

/** What an agent typed, as the eight digits of a case number; undefined when it is not a number. */
function readCaseNumber(typed: unknown): string | undefined {
  if (typeof typed !== "string") return undefined;
  const digits = /^\s*(?:case)?\s*#?\s*(\d{1,30})\s*$/i.exec(typed)?.[1];
  return digits?.replace(/^0+(?=\d)/, "").padStart(8, "0");
}

function decide(
  cases: readonly SfRecord[],
  by: "case_number" | "external_id" | "requester_email",
): Truth | undefined {
  const [only, ...others] = cases;
  if (!only) return undefined;
  if (others.length === 0) return { outcome: "matched", caseId: only.Id, by };
  return { outcome: "ambiguous", caseIds: cases.map((found) => found.Id).toSorted() };
}

function groupBy(
  cases: readonly SfRecord[],
  keysOf: (found: SfRecord) => readonly unknown[],
): Map<string, SfRecord[]> {
  const groups = new Map<string, SfRecord[]>();
  for (const found of cases) {
    const keys = keysOf(found).filter((key) => typeof key === "string");
    for (const key of new Set(keys)) groups.set(key, [...(groups.get(key) ?? []), found]);
  }
  return groups;
}

const lower = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : undefined);

/**
 * The truth for every ticket, by ticket id. First rule with a candidate decides: the case number typed into
 * the ticket, the case that names the ticket, the requester's open cases by e-mail address.
 */
export function findTruth(
  tickets: readonly TicketRecord[],
  users: readonly UserRecord[],
  cases: readonly SfRecord[],
): ReadonlyMap<string, Truth> {
  const emails = new Map(users.map((user) => [user.id, lower(user.email)]));
  const byNumber = groupBy(cases, (found) => [found["CaseNumber"]]);
  const byTicket = groupBy(cases, (found) => [found["Zendesk_Ticket_Id__c"]]);
  const openByEmail = groupBy(
    cases.filter((found) => found["IsClosed"] === false),
    (found) => [lower(found["ContactEmail"]), lower(found["SuppliedEmail"])],
  );
  return new Map(
    tickets.map((ticket) => {
      const field = ticket.custom_fields.find(({ id }) => id === CASE_NUMBER_FIELD_ID);
      const number = readCaseNumber(field?.value) ?? "";
      const email = emails.get(ticket.requester_id) ?? "";
      const truth =
        decide(byNumber.get(number) ?? [], "case_number") ??
        decide(byTicket.get(String(ticket.id)) ?? [], "external_id") ??
        decide(openByEmail.get(email) ?? [], "requester_email");
      return [String(ticket.id), truth ?? { outcome: "none" }];
    }),
  );
}
