/** The unmodified jsforce reads and writes records. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mintId } from "#sandbox/salesforce/ids";
import { matching, ADA, QUEUE, startOrg, USER, type TestOrg } from "./org-fixture.ts";

let org: TestOrg;
let sf: Awaited<ReturnType<TestOrg["signIn"]>>;

beforeAll(async () => {
  org = await startOrg();
  sf = await org.signIn();
});
afterAll(async () => {
  await org.stop();
});

const upsertTicket = (Subject: string) =>
  sf.sobject("Case").upsert({ Zendesk_Ticket_Id__c: "4711", Subject }, "Zendesk_Ticket_Id__c");

describe("records through jsforce", () => {
  it("creates a case that gets its number, defaults and stamps from the org", async () => {
    const result = await sf
      .sobject("Case")
      .create({ Subject: "Hello", ContactId: ADA.slice(0, 15) });
    expect(result).toMatchObject({ success: true, id: matching(/^500\w{15}$/) });
    expect(await sf.sobject("Case").retrieve(result.id!)).toMatchObject({
      CaseNumber: "00001028",
      Status: "New",
      IsClosed: false,
      ContactId: ADA,
      ContactEmail: "Ada@Engines.example",
      OwnerId: USER,
      SystemModstamp: "2026-03-02T10:00:00.000+0000",
    });
  });

  it("closes a case when its status does, and opens it again", async () => {
    const { id } = await sf.sobject("Case").create({ Subject: "Close me" });
    org.clock.advance(1_500);
    await sf.sobject("Case").update({ Id: id!, Status: "Closed" });
    expect(org.salesforce.store.get(id!)).toMatchObject({
      IsClosed: true,
      ClosedDate: "2026-03-02T10:00:01.000+0000",
      LastModifiedDate: "2026-03-02T10:00:01.000+0000",
      CreatedDate: "2026-03-02T10:00:00.000+0000",
    });
    await sf.sobject("Case").update({ Id: id!, Status: "Working" });
    expect(org.salesforce.store.get(id!)).toMatchObject({ IsClosed: false, ClosedDate: null });
  });

  it("upserts by the external id: once created, then updated, never twice", async () => {
    const [first, second] = await Promise.all([upsertTicket("one"), upsertTicket("two")]);
    expect(first.created).toBe(!second.created);
    expect(first.id).toBe(second.id);
    const rows = org.salesforce.store
      .all("Case")
      .filter((row) => row["Zendesk_Ticket_Id__c"] === "4711");
    expect(rows).toHaveLength(1);
  });

  it("retrieves chosen fields, also by external id", async () => {
    const row = await sf.sobject("Case").retrieve(mintId("500", 2), { fields: ["Subject"] });
    expect(row).toMatchObject({ Subject: "It's 100% broken" });
    expect(await sf.request("/sobjects/Case/Zendesk_Ticket_Id__c/77?fields=CaseNumber")).toEqual({
      attributes: { type: "Case", url: `/services/data/v67.0/sobjects/Case/${mintId("500", 2)}` },
      CaseNumber: "00001027",
      Id: mintId("500", 2),
    });
  });

  it("writes a case comment under its case", async () => {
    const { id } = await sf.sobject("CaseComment").create({
      ParentId: mintId("500", 1),
      CommentBody: "Seen",
      IsPublished: true,
    });
    expect(org.salesforce.store.get(id!)).toMatchObject({ CommentBody: "Seen", IsPublished: true });
  });

  it("deletes into the recycle bin, where only queryAll sees", async () => {
    const { id } = await sf.sobject("Case").create({ Subject: "Gone soon" });
    await sf.sobject("Case").destroy(id!);
    const soql = `SELECT Id, IsDeleted FROM Case WHERE Id = '${id!}'`;
    expect((await sf.query(soql)).totalSize).toBe(0);
    expect((await sf.query(soql, { scanAll: true })).records).toMatchObject([{ IsDeleted: true }]);
    await expect(sf.sobject("Case").retrieve(id!)).rejects.toMatchObject({
      errorCode: "ENTITY_IS_DELETED",
    });
  });

  it("writes collections with a result for each record", async () => {
    const results = await sf
      .sobject("Case")
      .create([{ Subject: "a" }, { Subject: "b".repeat(256) }]);
    expect(results).toMatchObject([
      { success: true },
      { success: false, errors: [{ statusCode: "STRING_TOO_LONG", fields: ["Subject"] }] },
    ]);
  });

  it("writes no record of a collection when all or none is asked and one fails", async () => {
    const before = org.salesforce.store.all("Case").length;
    const results = await sf
      .sobject("Case")
      .create([{ Subject: "a" }, { Nope: "x" }], { allOrNone: true });
    expect(results).toMatchObject([
      { success: false, errors: [{ statusCode: "ALL_OR_NONE_OPERATION_ROLLED_BACK" }] },
      { success: false, errors: [{ statusCode: "INVALID_FIELD" }] },
    ]);
    expect(org.salesforce.store.all("Case")).toHaveLength(before);
  });

  it("updates, upserts, retrieves and deletes collections", async () => {
    const [a, b] = await sf.sobject("Case").create([{ Subject: "a" }, { Subject: "b" }]);
    await sf.sobject("Case").update([
      { Id: a!.id!, Priority: "High" },
      { Id: b!.id!, Priority: "Low" },
    ]);
    const read = await sf.sobject("Case").retrieve([a!.id!, b!.id!], { fields: ["Priority"] });
    expect(read).toMatchObject([{ Priority: "High" }, { Priority: "Low" }]);
    const upserted = await sf.sobject("Case").upsert(
      [
        { Zendesk_Ticket_Id__c: "77", Reason: "Billing" },
        { Zendesk_Ticket_Id__c: "78", Reason: "Other" },
      ],
      "Zendesk_Ticket_Id__c",
    );
    expect(upserted).toMatchObject([{ created: false }, { created: true }]);
    await sf.sobject("Case").destroy([a!.id!, b!.id!]);
    expect(org.salesforce.store.get(a!.id!)).toBeUndefined();
  });

  it("answers a query with a parent's fields nested, and null for a missing parent", async () => {
    const { records } = await sf.query(
      "SELECT CaseNumber, Contact.Name, Contact.Account.Name, Owner.Name, Owner.Type FROM Case " +
        "WHERE CaseNumber IN ('00001026', '00001027') ORDER BY CaseNumber",
    );
    expect(records).toMatchObject([
      {
        attributes: { type: "Case", url: `/services/data/v67.0/sobjects/Case/${mintId("500", 1)}` },
        Contact: { Name: "Ada Lovelace", Account: { Name: "Analytical Engines" } },
        Owner: { Name: "Tier 1", Type: "Group" },
      },
      { Contact: null, Owner: { Name: "Integration", Type: "User" } },
    ]);
  });

  it("describes objects and fields as the user may see them", async () => {
    const described = await sf.sobject("Case").describe();
    expect(described.keyPrefix).toBe("500");
    expect(described.fields.find((one) => one.name === "Zendesk_Ticket_Id__c")).toMatchObject({
      externalId: true,
      unique: true,
      custom: true,
      type: "string",
    });
    expect(described.fields.find((one) => one.name === "OwnerId")?.referenceTo).toEqual([
      "Group",
      "User",
    ]);
    const global = await sf.describeGlobal();
    expect(global.sobjects.map((one) => one.name)).toEqual(
      expect.arrayContaining(["Account", "Case", "CaseComment", "Contact", "Group", "User"]),
    );
    expect(global.sobjects.map((one) => one.name)).not.toContain("Name");
  });

  it("runs a composite whose later parts use results of earlier ones, as one request", async () => {
    const before = org.salesforce.usage().used;
    const answer = await sf.request<{ compositeResponse: unknown[] }>({
      method: "POST",
      url: "/composite",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        allOrNone: true,
        compositeRequest: [
          {
            method: "POST",
            url: "/services/data/v67.0/sobjects/Case",
            referenceId: "made",
            body: { Subject: "Composite", OwnerId: QUEUE },
          },
          {
            method: "GET",
            url: "/services/data/v67.0/query?q=SELECT+Subject+FROM+Case+WHERE+Id='@{made.id}'",
            referenceId: "found",
          },
        ],
      }),
    });
    expect(answer.compositeResponse).toMatchObject([
      { httpStatusCode: 201, referenceId: "made" },
      { httpStatusCode: 200, body: { records: [{ Subject: "Composite" }] } },
    ]);
    expect(org.salesforce.usage().used).toBe(before + 1);
  });
});
