/** Looks up Salesforce cases: the queries for matching and linking a ticket. */
import { Type, type Static } from "typebox";
import type { CaseSummary } from "#contract/actions/resolve-case";
import { SalesforceId } from "#contract/actions/envelope";
import { replyShape } from "#platform/outbound/reply-shape";
import type { RemoteCall } from "#platform/outbound/send";
import type { SalesforceConnection } from "./connection.ts";
import { unreadable } from "./salesforce-errors.ts";
import { caseById, casesByExternalId, casesByNumber, openCasesByEmail } from "./soql.ts";

/** Each returns at most eleven cases, newest first: one more than a reply lists. */
export interface CaseFinder {
  /** An id of 18 characters; the result is empty when the case does not exist, or the server may not read it. */
  byId(id: string, call: RemoteCall): Promise<CaseSummary[]>;
  byNumber(numbers: readonly [string, ...string[]], call: RemoteCall): Promise<CaseSummary[]>;
  byExternalId(field: string, value: string, call: RemoteCall): Promise<CaseSummary[]>;
  openByEmail(email: string, call: RemoteCall): Promise<CaseSummary[]>;
}

const NullableText = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const CaseRow = Type.Object({
  Id: SalesforceId,
  CaseNumber: Type.String(),
  Subject: NullableText,
  Status: NullableText,
  IsClosed: Type.Boolean(),
});
const readCaseRows = replyShape(Type.Array(CaseRow));

export function createCaseFinder(salesforce: SalesforceConnection): CaseFinder {
  async function find(soql: string, call: RemoteCall): Promise<CaseSummary[]> {
    const rows = readCaseRows(await salesforce.query(soql, call));
    if (!rows.ok) throw unreadable("a query of cases", rows.problem);
    return rows.value.map(toSummary);
  }

  return {
    byId: (id, call) => find(caseById(id), call),
    byNumber: (numbers, call) => find(casesByNumber(numbers), call),
    byExternalId: (field, value, call) => find(casesByExternalId(field, value), call),
    openByEmail: (email, call) => find(openCasesByEmail(email), call),
  };
}

function toSummary(row: Static<typeof CaseRow>): CaseSummary {
  return {
    id: row.Id,
    number: row.CaseNumber,
    subject: row.Subject ?? null,
    status: row.Status ?? null,
    is_closed: row.IsClosed,
  };
}
