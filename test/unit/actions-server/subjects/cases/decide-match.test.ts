/** Is every case found by the surest sign, and never guessed? */
import { describe, expect, it } from "vitest";
import type { CaseSummary } from "#contract/actions/resolve-case";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { decideMatch, planLookups } from "#subjects/cases/decide-match";
import { ticketWithUsers } from "../../remotes/zendesk/ticket-samples.ts";

const aCase = (number: number): CaseSummary => ({
  id: `500000000000${String(number).padStart(3, "0")}AAA`,
  number: String(number).padStart(8, "0"),
  subject: null,
  status: "New",
  is_closed: false,
});

describe("planLookups", () => {
  const settings = {
    caseNumberFieldId: "77",
    caseExternalIdField: "Zendesk_Ticket_Id__c",
    matchOrder: DEFAULT_SETTINGS.match_order,
  };
  const full = ticketWithUsers({
    custom_fields: [
      { id: 76, value: "999" },
      { id: 77, value: "Case 1026" },
    ],
  });

  it("goes from the surest sign to the weakest", () => {
    expect(planLookups(full, settings)).toEqual([
      { by: "case_number", numbers: ["1026", "00001026"] },
      { by: "external_id", field: "Zendesk_Ticket_Id__c", value: "12" },
      { by: "requester_email", email: "rita@example.com" },
    ]);
  });

  it("reads a numeric field", () => {
    const found = ticketWithUsers({ custom_fields: [{ id: 77, value: 1026 }] });
    expect(planLookups(found, settings)[0]).toEqual({
      by: "case_number",
      numbers: ["1026", "00001026"],
    });
  });

  it("goes in the order of the settings, and leaves out what they leave out", () => {
    const planned = planLookups(full, {
      ...settings,
      matchOrder: ["requester_email", "case_number"],
    });
    expect(planned.map(({ by }) => by)).toEqual(["requester_email", "case_number"]);
  });

  it.each(["n/a", "0000", "call +49 30 123"])("looks for nothing with %j, but looks", (value) => {
    const found = ticketWithUsers({ custom_fields: [{ id: 77, value }] });
    expect(planLookups(found, settings)[0]).toEqual({ by: "case_number", numbers: [] });
  });

  it.each([[null], [""], [" \n"], [true], [["1026"]], [undefined]])(
    "skips the number when the field holds %j",
    (value) => {
      const found = ticketWithUsers({ custom_fields: [{ id: 77, value }] });
      expect(planLookups(found, settings).map(({ by }) => by)).toEqual([
        "external_id",
        "requester_email",
      ]);
    },
  );

  it("skips what the settings switch off", () => {
    const off = { ...settings, caseNumberFieldId: undefined, caseExternalIdField: undefined };
    expect(planLookups(full, off).map(({ by }) => by)).toEqual(["requester_email"]);
  });

  it.each([[null], [""], ["  "]])("skips a requester whose address is %j", (email) => {
    const found = ticketWithUsers({}, [{ id: 5, email }]);
    expect(planLookups(found, settings).map(({ by }) => by)).toEqual(["external_id"]);
  });

  it("never takes another person's address for the requester's", () => {
    const found = ticketWithUsers({}, [{ id: 6, email: "agent@example.com" }]);
    expect(planLookups(found, settings).map(({ by }) => by)).toEqual(["external_id"]);
  });
});

describe("decideMatch", () => {
  it("says nothing when there is no case", () => {
    expect(decideMatch("12", "case_number", [])).toBeUndefined();
  });

  it("matches one case, also when it was found twice", () => {
    expect(decideMatch("12", "external_id", [aCase(1), aCase(1)])).toEqual({
      outcome: "matched",
      ticket_id: "12",
      case_id: aCase(1).id,
      matched_by: "external_id",
      case: aCase(1),
    });
  });

  it.each([
    [2, 2, false],
    [10, 10, false],
    [11, 10, true],
  ])("lists of %i cases %i, with more = %s", (count, listed, more) => {
    const found = Array.from({ length: count }, (_, index) => aCase(index + 1));
    expect(decideMatch("12", "requester_email", found)).toEqual({
      outcome: "ambiguous",
      ticket_id: "12",
      case_id: null,
      matched_by: "requester_email",
      candidates: found.slice(0, listed),
      more,
    });
  });
});
