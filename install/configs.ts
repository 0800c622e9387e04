/** ZIS Configs: the settings, and small notes that an installation keeps for its later steps. No secrets. */
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

/** All Configs whose scope fits; `*` stands for anything. ZIS answers 404 when there is none. */
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

/** One Config's content; null: there is none. */
export async function readConfig(of: OfIntegration, scope: string): Promise<unknown> {
  const found = await findConfigs(of, scope);
  return found.find((one) => one.scope === scope)?.config ?? found[0]?.config ?? null;
}

/** Creates it; false when somebody else has. */
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

/** Replaces it, or creates it when it is not there; who writes last wins. */
export async function putConfig(of: OfIntegration, scope: string, config: object): Promise<void> {
  // Made by somebody else between our two calls, it can be replaced; deleted then again, it is left at that.
  if (await replaceConfig(of, scope, config)) return;
  if (await createConfig(of, scope, config)) return;
  if (await replaceConfig(of, scope, config)) return;
  throw new InstallError(
    `Could not write the Config ${scope}: somebody else makes and deletes it.`,
    "Try again.",
    409,
  );
}

/** False when there is none. */
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

/** False when there was none. */
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
