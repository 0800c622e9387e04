/** A data set is refused where it does not fit the org. */
import { describe, expect, it } from "vitest";
import { mintId } from "#sandbox/salesforce/ids";
import { loadRecords, type SeedRecords } from "#sandbox/salesforce/load-records";
import { FULL_SCHEMA } from "#sandbox/salesforce/objects";
import { createStore } from "#sandbox/salesforce/store";

const USER = mintId("005", 1);
const user = { Id: USER, LastName: "Agent", Username: "a@x.example", Email: "a@x.example" };
const one = { Id: mintId("500", 1), OwnerId: USER };

const now = () => new Date("2026-03-02T10:00:00.750Z");

function load(records: SeedRecords) {
  const store = createStore(FULL_SCHEMA);
  loadRecords({ User: [user], ...records }, { store, schema: FULL_SCHEMA, now, userId: USER });
  return store;
}

describe("a data set", () => {
  it("gets defaults and stamps where it is silent, and keeps what it says", () => {
    const said = "2025-01-01T00:00:00.250+0000";
    const store = load({ Case: [{ ...one, CreatedDate: said, Status: "Closed" }] });
    expect(store.get(one.Id)).toMatchObject({
      Priority: "Medium",
      IsClosed: true,
      CreatedDate: "2025-01-01T00:00:00.000+0000",
      SystemModstamp: "2026-03-02T10:00:00.000+0000",
      CreatedById: USER,
    });
  });

  it("may name records that come later, and spell out mirrors that are true", () => {
    const contact = {
      Id: mintId("003", 1),
      LastName: "Ada",
      Email: "ada@x.example",
      OwnerId: USER,
    };
    const about = { ...one, ContactId: contact.Id, ContactEmail: "ada@x.example" };
    expect(() => load({ Case: [about], Contact: [contact] })).not.toThrow();
    expect(() =>
      load({ Case: [{ ...about, ContactEmail: "b@x.example" }], Contact: [contact] }),
    ).toThrow("Case[0]: ContactEmail is b@x.example, but ContactId has ada@x.example");
  });

  it.each<[string, SeedRecords]>([
    ["no object Nope in this org", { Nope: [] }],
    ["Case[1]: no field Foo on Case", { Case: [one, { Id: mintId("500", 2), Foo: 1 }] }],
    ["Case[0]: Id must be an id that starts with 500", { Case: [{ Id: mintId("003", 1) }] }],
    ["Case[1]: Id", { Case: [one, one] }],
    ["Case[0]: INVALID_CROSS_REFERENCE_KEY", { Case: [{ ...one, ContactId: mintId("003", 9) }] }],
    [
      "Case[0]: DUPLICATE_VALUE",
      {
        Case: [
          { ...one, Zendesk_Ticket_Id__c: "1" },
          { ...one, Id: mintId("500", 2), Zendesk_Ticket_Id__c: "1" },
        ],
      },
    ],
    ["Case[0]: STRING_TOO_LONG", { Case: [{ ...one, Subject: "x".repeat(256) }] }],
  ])("is refused: %s", (message, records) => {
    expect(() => load(records)).toThrow(message);
  });
});
