/** What the stores hold after it: Postgres, ZIS Links, ZIS Configs and the registry, read past the app. */
import { SETTINGS_SCOPE } from "../../../contract/settings/settings.ts";
import { TICKET_CASE_LINK, ticketLinkName } from "../../../contract/links.ts";
import type { World } from "../../../scripts/world.ts";

/** The integration that an installation makes in the account `caseqa`. */
export const INTEGRATION = "caseqa_caseqa";

/** Long enough for every flow that a test sets going. */
const IDLE_MS = 120_000;

export async function idle({ zis }: World): Promise<void> {
  await zis.idle(IDLE_MS);
}

/** The ids of the tickets whose conversations are stored, each as often as it is stored. */
export async function conversations({ deps: { db } }: World): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("qa_conversations")
    .select("ticket_id")
    .orderBy("ticket_id")
    .execute();
  return rows.map(({ ticket_id }) => ticket_id);
}

/** How often each ticket's assignment was recorded. */
export async function assignments({ deps: { db } }: World): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("qa_assignments")
    .select("ticket_id")
    .orderBy("ticket_id")
    .execute();
  return rows.map(({ ticket_id }) => ticket_id);
}

/** The names of the cases that a ticket is linked to. */
export function casesOf({ zis }: World, ticketId: string): readonly string[] {
  const fields = { link_type: TICKET_CASE_LINK, left_object_name: ticketLinkName(ticketId) };
  const { links } = zis.stores.links.search(INTEGRATION, fields, {
    size: 100,
    after: undefined,
    before: undefined,
  });
  return links.map((link) => link.right_object.name);
}

/** The settings as ZIS Configs holds them; undefined: there are none. */
export function settingsInZis({ zis }: World): unknown {
  return zis.stores.configs.search(INTEGRATION, SETTINGS_SCOPE)[0]?.config;
}

export async function revisionInForce({ deps: { db } }: World): Promise<number | undefined> {
  const row = await db
    .selectFrom("settings_history")
    .select("revision")
    .orderBy("revision", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.revision;
}

/** Calls ZIS past the app, as somebody else with an API token does. */
export async function callZis(
  { card }: World,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: never }> {
  const { url, adminEmail, apiToken } = card.zendesk;
  const basic = Buffer.from(`${adminEmail}/token:${apiToken}`).toString("base64");
  const response = await fetch(`${url}/api/services/zis${path}`, {
    method,
    headers: { authorization: `Basic ${basic}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as never };
}

export interface JobSpecSeen {
  readonly name: string;
  readonly installed: boolean;
}

export async function jobSpecs(
  world: World,
  integration = INTEGRATION,
): Promise<readonly JobSpecSeen[]> {
  const path = `/registry/${integration}/job_specs?page%5Bsize%5D=100`;
  const { status, body } = await callZis(world, "GET", path);
  return status === 404 ? [] : (body as { readonly job_specs: readonly JobSpecSeen[] }).job_specs;
}
