/** A small org over HTTP for the contract tests: its data, its address, a signed-in jsforce. */
import { createFaults } from "#sandbox/faults";
import { createSalesforce, type SalesforceOptions } from "#sandbox/salesforce/create-salesforce";
import { mintId } from "#sandbox/salesforce/ids";
import { createManualClock } from "#test/support/manual-clock";
import Fastify from "fastify";
import { expect } from "vitest";

// jsforce reads these once, at import, and ignores NO_PROXY: loopback would go through a proxy.
for (const name of ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"]) {
  delete process.env[name];
}
const { Connection } = await import("jsforce");

const NOW = new Date("2026-03-02T10:00:00Z");
export const USER = mintId("005", 1);
export const QUEUE = mintId("00G", 1);
export const ADA = mintId("003", 1);
export const CLIENT = { clientId: "caseqa-app", clientSecret: "s3cret", runAsUserId: USER };

export const RECORDS = {
  User: [
    {
      Id: USER,
      Username: "integration@caseqa.example",
      Email: "integration@caseqa.example",
      LastName: "Integration",
      Alias: "integ",
      IsActive: true,
    },
  ],
  Group: [{ Id: QUEUE, Name: "Tier 1", Type: "Queue" }],
  Account: [{ Id: mintId("001", 1), Name: "Analytical Engines" }],
  Contact: [
    {
      Id: ADA,
      FirstName: "Ada",
      LastName: "Lovelace",
      Email: "Ada@Engines.example",
      AccountId: mintId("001", 1),
    },
  ],
  Case: [
    {
      Id: mintId("500", 1),
      CaseNumber: "00001026",
      ContactId: ADA,
      AccountId: mintId("001", 1),
      Subject: "Wheel 7 slips",
      Status: "New",
      OwnerId: QUEUE,
    },
    {
      Id: mintId("500", 2),
      CaseNumber: "00001027",
      SuppliedEmail: "bob@other.example",
      Subject: "It's 100% broken",
      Status: "Closed",
      OwnerId: USER,
      Zendesk_Ticket_Id__c: "77",
    },
  ],
} as const;

/** Vitest's asymmetric matchers without their `any`. */
export const containing = (text: string): unknown => expect.stringContaining(text);
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const anyText: unknown = expect.any(String);

/** Starts the org on a free port; `stop` ends it. */
export async function startOrg(overrides: Partial<SalesforceOptions> = {}) {
  const clock = createManualClock(NOW);
  const faults = createFaults();
  let serial = 0;
  const salesforce = createSalesforce({
    records: RECORDS,
    clients: [CLIENT],
    now: () => clock.now(),
    newId: () => `id-${(serial += 1)}`,
    faults,
    ...overrides,
  });
  const app = Fastify({ http: { maxHeaderSize: 65_536 } });
  await app.register(salesforce.routes);
  const url = await app.listen({ port: 0, host: "127.0.0.1" });

  const connect = () =>
    new Connection({
      version: "67.0",
      loginUrl: url,
      instanceUrl: url,
      oauth2: { clientId: CLIENT.clientId, clientSecret: CLIENT.clientSecret, loginUrl: url },
    });

  async function signIn() {
    const connection = connect();
    await connection.authorize({ grant_type: "client_credentials" });
    return connection;
  }

  return { salesforce, clock, faults, url, connect, signIn, stop: () => app.close() };
}

export type TestOrg = Awaited<ReturnType<typeof startOrg>>;
