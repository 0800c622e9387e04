/** The Salesforce side of the sample data: accounts, contacts, users and the cases that tickets refer to. */
import { toSalesforceTime } from "../clock.ts";
import type { OrganizationRecord, UserRecord } from "../zendesk/model.ts";
import { mintId } from "../salesforce/ids.ts";
import { AGENT_NAMES } from "./names.ts";
import type { Random } from "./random.ts";

/** A record as the REST API names it: API field names, 18-character ids, Salesforce times. */
export interface SfRecord {
  readonly Id: string;
  readonly [field: string]: string | number | boolean | null;
}

/** The records of each object. */
export type SalesforceData = {
  readonly Account: readonly SfRecord[];
  readonly Contact: readonly SfRecord[];
  readonly User: readonly SfRecord[];
  readonly Case: readonly SfRecord[];
};

/** Who a case is about: a contact on file, or only the address that a web form took down. */
export type CasePerson =
  | { readonly kind: "contact"; readonly user: UserRecord & { readonly email: string } }
  | { readonly kind: "supplied"; readonly user: UserRecord & { readonly email: string } }
  | { readonly kind: "stranger" };

interface CaseWish {
  readonly person: CasePerson;
  readonly closed: boolean;
  readonly subject: string;
  readonly zendeskTicketId?: number;
}

export interface CaseBook {
  /** Opens a case; answers its id and number. */
  add(wish: CaseWish): { readonly id: string; readonly number: string };
  data(): SalesforceData;
}

const OPEN_STATUSES = ["New", "Working", "Escalated", "On Hold"] as const;
const ORIGINS = ["Email", "Web", "Phone"] as const;
const FIRST_CASE_NUMBER = 1026;

function audit(time: Date, userId: string): Omit<SfRecord, "Id"> {
  const written = toSalesforceTime(time);
  return {
    CreatedDate: written,
    CreatedById: userId,
    LastModifiedDate: written,
    LastModifiedById: userId,
    SystemModstamp: written,
  };
}

function buildUsers(createdAt: Date): SfRecord[] {
  return AGENT_NAMES.slice(0, 8).map((name, index) => {
    const id = mintId("005", 1 + index);
    const alias = name.split(" ")[0] ?? name;
    return {
      Id: id,
      Name: name,
      Username: `${alias.toLowerCase()}@caseqa.example.sf`,
      Email: `${alias.toLowerCase()}@caseqa.example`,
      Alias: alias.slice(0, 8),
      IsActive: true,
      UserType: "Standard",
      ...audit(createdAt, mintId("005", 1)),
    };
  });
}

function buildAccounts(
  organizations: readonly OrganizationRecord[],
  createdAt: Date,
  ownerId: string,
): SfRecord[] {
  return organizations.map((organization, index) => ({
    Id: mintId("001", 1 + index),
    Name: organization.name,
    Type: "Customer",
    OwnerId: ownerId,
    ...audit(createdAt, ownerId),
  }));
}

/** Salesforce keeps what the form took down, so the letters' case often differs from Zendesk's. */
function otherCase(email: string, random: Random): string {
  if (random.chance(0.6)) return email;
  return random.chance(0.5) ? email.toUpperCase() : email.toLowerCase();
}

/** An empty org with its users and accounts; cases and their contacts are added one by one. */
export function createCaseBook(
  organizations: readonly OrganizationRecord[],
  createdAt: Date,
  random: Random,
): CaseBook {
  const users = buildUsers(createdAt);
  const admin = mintId("005", 1);
  const accounts = buildAccounts(organizations, createdAt, admin);
  const accountOf = new Map(
    organizations.map((organization, index) => [organization.id, accounts[index]?.Id ?? null]),
  );
  const contacts = new Map<number, SfRecord>();
  const cases: SfRecord[] = [];

  function contactFor(user: UserRecord & { readonly email: string }, time: Date): SfRecord {
    const known = contacts.get(user.id);
    if (known) return known;
    const [first, ...rest] = user.name.split(" ");
    const contact: SfRecord = {
      Id: mintId("003", 1 + contacts.size),
      FirstName: rest.length > 0 ? (first ?? null) : null,
      LastName: rest.length > 0 ? rest.join(" ") : user.name,
      Name: user.name,
      Email: otherCase(user.email, random),
      Phone: user.phone,
      AccountId: accountOf.get(user.organization_id ?? 0) ?? null,
      OwnerId: admin,
      ...audit(time, admin),
    };
    contacts.set(user.id, contact);
    return contact;
  }

  function personFields(person: CasePerson, serial: number, time: Date): Omit<SfRecord, "Id"> {
    if (person.kind === "contact") {
      const contact = contactFor(person.user, time);
      // A case that came by e-mail keeps both addresses; it is still one case.
      const supplied = random.chance(0.4) ? otherCase(person.user.email, random) : null;
      return {
        ContactId: contact.Id,
        AccountId: contact["AccountId"] ?? null,
        ContactEmail: contact["Email"] ?? null,
        SuppliedEmail: supplied,
        SuppliedName: supplied === null ? null : person.user.name,
      };
    }
    const email =
      person.kind === "supplied"
        ? otherCase(person.user.email, random)
        : `accounts-payable.${serial}@firm.example`;
    return {
      ContactId: null,
      AccountId: null,
      ContactEmail: null,
      SuppliedEmail: email,
      SuppliedName: person.kind === "supplied" ? person.user.name : "Accounts Payable",
    };
  }

  return {
    add(wish) {
      const serial = cases.length;
      const id = mintId("500", 1 + serial);
      const number = String(FIRST_CASE_NUMBER + serial).padStart(8, "0");
      const opened = new Date(createdAt.getTime() + serial * 1_234_000);
      const owner = random.pick(users).Id;
      cases.push({
        Id: id,
        CaseNumber: number,
        Subject: wish.subject.slice(0, 255),
        Description: null,
        Status: wish.closed ? "Closed" : random.pick(OPEN_STATUSES),
        Priority: random.pick(["Low", "Medium", "High"]),
        Origin: random.pick(ORIGINS),
        Type: random.pick(["Question", "Problem", null]),
        Reason: null,
        IsClosed: wish.closed,
        ClosedDate: wish.closed ? toSalesforceTime(new Date(opened.getTime() + 86_400_000)) : null,
        IsEscalated: false,
        ParentId: null,
        OwnerId: owner,
        ...personFields(wish.person, serial, opened),
        Zendesk_Ticket_Id__c:
          wish.zendeskTicketId === undefined ? null : String(wish.zendeskTicketId),
        ...audit(opened, owner),
      });
      return { id, number };
    },
    data: () => ({ Account: accounts, Contact: [...contacts.values()], User: users, Case: cases }),
  };
}
