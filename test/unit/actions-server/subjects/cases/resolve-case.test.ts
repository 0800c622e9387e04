/** Do the request's settings count first, then the account's? */
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { effectiveSettings } from "#subjects/cases/resolve-case";

const applied = {
  ...DEFAULT_SETTINGS,
  case_number_field_id: 2,
  case_external_id_field: "Applied__c",
  match_order: ["external_id" as const],
};
const none = { ...applied, case_number_field_id: null, case_external_id_field: null };

describe("effectiveSettings", () => {
  it("are the contract's defaults where nobody says anything", () => {
    expect(effectiveSettings({ ticket_id: 7 }, undefined)).toEqual({
      caseNumberFieldId: undefined,
      caseExternalIdField: "Zendesk_Ticket_Id__c",
      matchOrder: DEFAULT_SETTINGS.match_order,
    });
  });

  it("are the account's where the request says nothing", () => {
    expect(effectiveSettings({ ticket_id: 7 }, applied)).toEqual({
      caseNumberFieldId: "2",
      caseExternalIdField: "Applied__c",
      matchOrder: ["external_id"],
    });
  });

  it("are the request's, member by member", () => {
    const request = { ticket_id: 7, case_number_field_id: 3 };
    expect(effectiveSettings(request, applied)).toEqual({
      caseNumberFieldId: "3",
      caseExternalIdField: "Applied__c",
      matchOrder: ["external_id"],
    });
    expect(
      effectiveSettings({ ticket_id: 7, match_order: ["requester_email"] }, applied).matchOrder,
    ).toEqual(["requester_email"]);
  });

  it.each([
    ["a request", { case_number_field_id: null, case_external_id_field: null }, applied],
    ["an account", {}, none],
  ])("take the null of %s for none, and ask no further", (_whose, members, settings) => {
    expect(effectiveSettings({ ticket_id: 7, ...members }, settings)).toMatchObject({
      caseNumberFieldId: undefined,
      caseExternalIdField: undefined,
    });
  });
});
