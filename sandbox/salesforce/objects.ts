/** The objects of the org: names, types and lengths after the public object and field reference. */
import { createSchema, field, object, type FieldSchema, type ObjectSchema } from "./schema.ts";

const readOnly = { createable: false, updateable: false } as const;

const id = field("Id", "id", { ...readOnly, nillable: false, idLookup: true });

function userReference(name: string, relationshipName: string): FieldSchema {
  return field(name, "reference", {
    ...readOnly,
    nillable: false,
    referenceTo: ["User"],
    relationshipName,
  });
}

/** Every object has these but User, whose rows are deactivated and never deleted. */
const audit: readonly FieldSchema[] = [
  field("IsDeleted", "boolean", readOnly),
  field("CreatedDate", "datetime", { ...readOnly, nillable: false }),
  userReference("CreatedById", "CreatedBy"),
  field("LastModifiedDate", "datetime", { ...readOnly, nillable: false }),
  userReference("LastModifiedById", "LastModifiedBy"),
  field("SystemModstamp", "datetime", { ...readOnly, nillable: false }),
];

const owner = (objects: readonly string[]): FieldSchema =>
  field("OwnerId", "reference", { referenceTo: objects, relationshipName: "Owner" });

const text = (name: string, length: number, extra: Partial<FieldSchema> = {}): FieldSchema =>
  field(name, "string", { length, ...extra });

const pick = (
  name: string,
  picklistValues: readonly string[],
  extra: Partial<FieldSchema> = {},
): FieldSchema => field(name, "picklist", { length: 255, picklistValues, ...extra });

const accountId = (childRelationshipName: string): FieldSchema =>
  field("AccountId", "reference", {
    referenceTo: ["Account"],
    relationshipName: "Account",
    childRelationshipName,
  });

/** A mirror of the contact: moves with the contact and leaves the case's stamp alone. */
const contactMirror = (name: string, type: "email" | "phone", source: string): FieldSchema =>
  field(name, type, {
    ...readOnly,
    length: type === "email" ? 80 : 40,
    formula: { through: "ContactId", field: source },
  });

const account = object("Account", "001", [
  id,
  text("Name", 255, { nillable: false }),
  text("AccountNumber", 40),
  pick("Type", ["Customer", "Partner", "Prospect", "Other"]),
  pick("Industry", ["Retail", "Logistics", "Technology", "Other"]),
  field("Phone", "phone", { length: 40 }),
  text("Website", 255),
  field("Description", "textarea", { length: 32_000 }),
  owner(["User"]),
  ...audit,
]);

const contact = object("Contact", "003", [
  id,
  accountId("Contacts"),
  text("LastName", 80, { nillable: false }),
  text("FirstName", 40),
  text("Name", 121, readOnly),
  field("Email", "email", { length: 80, idLookup: true }),
  field("Phone", "phone", { length: 40 }),
  field("MobilePhone", "phone", { length: 40 }),
  text("Title", 128),
  field("Description", "textarea", { length: 32_000 }),
  owner(["User"]),
  ...audit,
]);

const user = object("User", "005", [
  id,
  text("Username", 80, { nillable: false, idLookup: true, unique: true }),
  text("LastName", 80, { nillable: false }),
  text("FirstName", 40),
  text("Name", 121, readOnly),
  field("Email", "email", { length: 128, nillable: false, idLookup: true }),
  text("Alias", 8, { nillable: false }),
  field("IsActive", "boolean", { defaultValue: true }),
  pick("UserType", ["Standard"], { ...readOnly, defaultValue: "Standard" }),
  text("TimeZoneSidKey", 40, { defaultValue: "GMT" }),
  text("Title", 80),
  text("Department", 80),
  ...audit.filter((one) => one.name !== "IsDeleted"),
]);

const group = object("Group", "00G", [
  id,
  text("Name", 40, { nillable: false }),
  text("DeveloperName", 80),
  pick("Type", ["Queue", "Regular"], { updateable: false, defaultValue: "Queue" }),
  field("Email", "email", { length: 255 }),
  ...audit.filter((one) => one.name !== "IsDeleted"),
]);

const supportCase = object("Case", "500", [
  id,
  text("CaseNumber", 30, { ...readOnly, nillable: false, idLookup: true, autoNumber: true }),
  field("ContactId", "reference", {
    referenceTo: ["Contact"],
    relationshipName: "Contact",
    childRelationshipName: "Cases",
  }),
  accountId("Cases"),
  field("ParentId", "reference", {
    referenceTo: ["Case"],
    relationshipName: "Parent",
    childRelationshipName: "Cases",
  }),
  text("SuppliedName", 80),
  field("SuppliedEmail", "email", { length: 80 }),
  text("SuppliedPhone", 40),
  text("SuppliedCompany", 80),
  pick("Type", ["Question", "Problem", "Feature Request"]),
  pick("Status", ["New", "Working", "Escalated", "On Hold", "Closed"], { defaultValue: "New" }),
  pick("Reason", ["Installation", "Billing", "Delivery", "Other"]),
  pick("Origin", ["Email", "Phone", "Web"]),
  pick("Priority", ["High", "Medium", "Low"], { defaultValue: "Medium" }),
  text("Subject", 255),
  field("Description", "textarea", { length: 32_000 }),
  field("IsClosed", "boolean", readOnly),
  field("IsEscalated", "boolean"),
  field("ClosedDate", "datetime", readOnly),
  contactMirror("ContactEmail", "email", "Email"),
  contactMirror("ContactPhone", "phone", "Phone"),
  contactMirror("ContactMobile", "phone", "MobilePhone"),
  owner(["Group", "User"]),
  text("Zendesk_Ticket_Id__c", 40, {
    label: "Zendesk Ticket Id",
    externalId: true,
    idLookup: true,
    unique: true,
  }),
  ...audit,
]);

const caseComment = object("CaseComment", "00a", [
  id,
  field("ParentId", "reference", {
    nillable: false,
    updateable: false,
    referenceTo: ["Case"],
    relationshipName: "Parent",
    childRelationshipName: "CaseComments",
  }),
  field("CommentBody", "textarea", { label: "Body", length: 4_000, countsBytes: true }),
  field("IsPublished", "boolean"),
  ...audit,
]);

/** What `Owner.…` may name: the fields that users and queues share. Not queryable by itself. */
const name = object(
  "Name",
  "",
  [
    id,
    text("Name", 121, readOnly),
    field("Email", "email", { ...readOnly, length: 128 }),
    text("Username", 80, readOnly),
    field("IsActive", "boolean", readOnly),
    text("Type", 40, readOnly),
  ],
  { queryable: false },
);

export const OBJECTS: readonly ObjectSchema[] = [
  account,
  contact,
  user,
  group,
  supportCase,
  caseComment,
  name,
];

/** The object that stands for the target of a reference to several objects. */
export const POLYMORPHIC_TARGET = "Name";

/** Statuses that close a case; `IsClosed` follows them. */
export const CLOSED_STATUSES: ReadonlySet<string> = new Set(["Closed"]);

export const FULL_SCHEMA = createSchema(OBJECTS);
