/** ZIS Configs: the settings, and notes that an installation keeps for later. No secrets. */
import { isJsonObject, type JsonObject } from "#zis/model/json";
import { ask } from "./ask.ts";
import { InstallError } from "./install-error.ts";
import { allPages, type OfIntegration, text } from "./zis-api.ts";

export interface Config {
  readonly scope: string;
  readonly config: unknown;
}

function pathOf(integration: string): string {
  return `/api/services/zis/integrations/${integration}/configs`;
}

/** All Configs whose scope matches; `*` matches anything. ZIS answers 404 when there are none. */
export async function findConfigs(of: OfIntegration, scope: string): Promise<readonly Config[]> {
  const path = `${pathOf(of.integration)}?filter%5Bscope%5D=${encodeURIComponent(scope)}`;
  const pages = await allPages(
    of.callZendesk,
    { method: "GET", path, as: "integration" },
    `read the Config ${scope}`,
    [404],
  );
  return pages.flatMap((page) => {
    const configs = isJsonObject(page) ? page["configs"] : undefined;
    if (!Array.isArray(configs)) return [];
    return configs
      .filter(isJsonObject)
      .map((one) => ({ scope: text(one, "scope"), config: one["config"] }));
  });
}

/** The content of one Config, or null. */
export async function readConfig(of: OfIntegration, scope: string): Promise<unknown> {
  const found = await findConfigs(of, scope);
  return found.find((one) => one.scope === scope)?.config ?? found[0]?.config ?? null;
}

/** Creates it; false when it exists already. */
export async function createConfig(
  of: OfIntegration,
  scope: string,
  config: object,
): Promise<boolean> {
  const { status } = await ask(
    of.callZendesk,
    {
      method: "POST",
      path: pathOf(of.integration),
      body: { scope, config },
      as: "integration",
    },
    `create the Config ${scope}`,
    [409],
  );
  return status !== 409;
}

/** Replaces it, or creates it when it does not exist. The last write wins. */
export async function putConfig(of: OfIntegration, scope: string, config: object): Promise<void> {
  // Somebody else may create it between our calls, and delete it again.
  if (await replaceConfig(of, scope, config)) return;
  if (await createConfig(of, scope, config)) return;
  if (await replaceConfig(of, scope, config)) return;
  throw new InstallError(
    `Could not write the Config ${scope}: somebody else keeps creating and deleting it.`,
    "Try again.",
    409,
  );
}

/** False when it does not exist. */
async function replaceConfig(
  { callZendesk, integration }: OfIntegration,
  scope: string,
  config: object,
): Promise<boolean> {
  const { status } = await ask(
    callZendesk,
    {
      method: "PUT",
      path: `${pathOf(integration)}/${encodeURIComponent(scope)}`,
      body: { scope, config },
      as: "integration",
    },
    `write the Config ${scope}`,
    [404],
  );
  return status !== 404;
}

/** False when it did not exist. */
export async function deleteConfig(of: OfIntegration, scope: string): Promise<boolean> {
  const { status } = await ask(
    of.callZendesk,
    {
      method: "DELETE",
      path: `${pathOf(of.integration)}/${encodeURIComponent(scope)}`,
      as: "integration",
    },
    `delete the Config ${scope}`,
    [404],
  );
  return status !== 404;
}

/** The content of a note as an object. */
export function noteOf(config: unknown): JsonObject {
  return isJsonObject(config) ? config : {};
}
