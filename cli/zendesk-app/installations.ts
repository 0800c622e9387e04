/** The app and its installations as Zendesk has them. They are read back, because zcli's exit code says nothing. */
import { Refused } from "../command.ts";
import { answerText } from "../http.ts";
import { zendeskMeaning } from "#install/refusals";
import type { ApiAnswer, CallApi } from "#install/zendesk-api";

export interface Installation {
  readonly id: string;
  readonly appId: string;
  readonly enabled: boolean;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

const INSTALLATIONS = "/api/support/apps/installations.json";

/** 403 is about the role; for any other status, the answer says what to do. */
function remedyOf(answer: ApiAnswer): string {
  if (answer.status === 403) return "Only administrators manage apps: sign zcli in as one.";
  return zendeskMeaning(answer.status, answerText(answer)).remedy;
}

/** Every installation in the account. Throws a Refused when Zendesk does not say. */
export async function listInstallations(call: CallApi): Promise<readonly Installation[]> {
  const answer = await call({ method: "GET", path: INSTALLATIONS });
  const list = (answer.body as { installations?: unknown } | null)?.installations;
  if (answer.status !== 200 || !Array.isArray(list)) {
    throw new Refused(
      `Zendesk does not list the app installations: ${answerText(answer)}`,
      remedyOf(answer),
    );
  }
  return (list as Record<string, unknown>[]).map(toInstallation);
}

function toInstallation(raw: Record<string, unknown>): Installation {
  const settings = (raw["settings"] ?? {}) as Record<string, unknown>;
  return {
    id: String(raw["id"]),
    appId: String(raw["app_id"]),
    enabled: raw["enabled"] !== false,
    name: typeof settings["name"] === "string" ? settings["name"] : "",
    settings,
  };
}

/**
 * The account's own app of this name, when no file has its id; it may have been created but never installed.
 *
 * @returns undefined when there is none, or when Zendesk does not say
 */
export async function findOwnApp(call: CallApi, name: string): Promise<string | undefined> {
  const answer = await call({ method: "GET", path: "/api/v2/apps/owned.json" });
  const list = (answer.body as { apps?: unknown } | null)?.apps;
  if (answer.status !== 200 || !Array.isArray(list)) return undefined;
  const apps = list as { id: unknown; name: unknown }[];
  const found = apps.filter((app) => app.name === name);
  return found.length === 1 ? String(found[0]?.id) : undefined;
}

/** What Zendesk serves of an app; a member is undefined when it does not say. */
export interface ServedApp {
  readonly version: string | undefined;
  /** Changes with each upload. */
  readonly updatedAt: string | undefined;
}

/** Undefined: the app does not exist, or may not be read. */
export async function readServedApp(call: CallApi, appId: string): Promise<ServedApp | undefined> {
  const answer = await call({ method: "GET", path: `/api/v2/apps/${appId}.json` });
  if (answer.status !== 200) return undefined;
  const { version, updated_at: updatedAt } = (answer.body ?? {}) as Record<string, unknown>;
  return {
    version: typeof version === "string" ? version : undefined,
    updatedAt: typeof updatedAt === "string" ? updatedAt : undefined,
  };
}

/**
 * The key with which Zendesk signs for the app: an administrator may read it; our server's narrow credential perhaps may not.
 *
 * @returns undefined when Zendesk does not say; our server then asks for it
 */
export async function readPublicKey(call: CallApi, appId: string): Promise<string | undefined> {
  const answer = await call({ method: "GET", path: `/api/v2/apps/${appId}/public_key.pem` });
  const { status, body } = answer;
  const isKey = status === 200 && typeof body === "string" && body.includes("PUBLIC KEY");
  return isKey ? body : undefined;
}

/** Installs an app that zcli created and did not install. Throws a Refused with Zendesk's own words. */
export async function createInstallation(
  call: CallApi,
  appId: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const body = { app_id: appId, settings };
  const answer = await call({ method: "POST", path: INSTALLATIONS, body });
  if (answer.status === 200 || answer.status === 201) return;
  throw new Refused(
    `Zendesk did not install the app ${appId}: ${answerText(answer)}`,
    "Fix what it names, then run caseqa install again: it continues from here.",
  );
}

/** Changes settings of an installation; those that are not named stay. */
export async function updateInstallation(
  call: CallApi,
  id: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const path = `/api/support/apps/installations/${id}.json`;
  const answer = await call({ method: "PUT", path, body: { settings } });
  if (answer.status === 200 || answer.status === 201) return;
  throw new Refused(
    `Zendesk did not change the app's settings: ${answerText(answer)}`,
    remedyOf(answer),
  );
}

/** Removes the app, and with it all its installations. @returns false when it was not there */
export async function deleteApp(call: CallApi, appId: string): Promise<boolean> {
  const answer = await call({ method: "DELETE", path: `/api/v2/apps/${appId}.json` });
  if (answer.status === 404) return false;
  if (answer.status >= 200 && answer.status < 300) return true;
  throw new Refused(
    `Zendesk did not remove the app ${appId}: ${answerText(answer)}`,
    remedyOf(answer),
  );
}
