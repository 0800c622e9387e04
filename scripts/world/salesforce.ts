/** The world's Salesforce: one org, with the OAuth client of the actions server. */
import { randomBytes } from "node:crypto";
import type { WorldData } from "#sandbox/data/world-data";
import type { Faults } from "#sandbox/faults";
import { createSalesforce, type Salesforce } from "#sandbox/salesforce/create-salesforce";
import { type Closers, listen, originOf } from "./listen.ts";

export interface WorldSalesforce {
  readonly salesforce: Salesforce;
  readonly loginUrl: string;
  readonly client: { readonly clientId: string; readonly clientSecret: string };
}

export async function startSalesforce(
  port: number,
  parts: {
    readonly records: WorldData["salesforce"];
    readonly faults: Faults;
    readonly now: () => Date;
    readonly newId: () => string;
  },
  closers: Closers,
): Promise<WorldSalesforce> {
  const [runAs] = parts.records.User;
  if (!runAs) throw new Error("the sample data begin with a Salesforce user");
  const client = { clientId: `caseqa.${secret(8)}`, clientSecret: secret(24) };
  const salesforce = createSalesforce({
    ...parts,
    clients: [{ ...client, runAsUserId: runAs.Id }],
  });
  const app = await listen([salesforce.routes], port, closers);
  return { salesforce, loginUrl: originOf(app), client };
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}
