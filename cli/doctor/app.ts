/** Whether the app is installed correctly, and is the one that was built. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { OpenAccount } from "../account.ts";
import {
  type Installation,
  listInstallations,
  readServedApp,
} from "../zendesk-app/installations.ts";
import { MANIFEST } from "#app-package/package";
import { type Check, failed, ok, warning } from "./check.ts";

const NAME = "CaseQA";

export async function checkApp(
  { zendesk, project }: OpenAccount,
  directory: string,
): Promise<readonly Check[]> {
  const all = await listInstallations(zendesk.call);
  const ours = all.filter(({ appId, name }) => appId === project.app_id || name === NAME);
  const served = ours[0] && (await readServedApp(zendesk.call, ours[0].appId));
  return judgeApp({
    ours,
    serverUrl: project.server_url,
    served: served?.version,
    built: await builtVersion(directory),
  });
}

export interface AppFacts {
  readonly ours: readonly Installation[];
  readonly serverUrl: string;
  readonly served: string | undefined;
  readonly built: string | undefined;
}

/** Pure. */
export function judgeApp({ ours, serverUrl, served, built }: AppFacts): readonly Check[] {
  const [installed, second] = ours;
  if (!installed) return [failed("app", "the app is not installed", "Run caseqa install.")];
  const checks: Check[] = [];
  if (second) {
    const ids = ours.map(({ appId }) => appId).join(", ");
    const remedy = "Remove all but one in Admin Center > Apps and integrations.";
    checks.push(warning("app", `installed ${ours.length} times: ${ids}`, remedy));
  }
  if (!installed.enabled) {
    checks.push(failed("app", "the app is disabled", "Enable it in Admin Center > Apps."));
  }
  const url = installed.settings["server_url"];
  if (url !== serverUrl) {
    const message = `the app's server_url is ${JSON.stringify(url)}, not ${serverUrl}`;
    checks.push(failed("app", message, "Run caseqa install."));
  }
  if (served !== undefined && built !== undefined && served !== built) {
    const message = `Zendesk serves version ${served}, but ${built} is built`;
    checks.push(warning("app_version", message, "Run caseqa upgrade."));
  }
  if (checks.length > 0) return checks;
  const text = served === undefined ? "" : `, version ${served}`;
  return [ok("app", `installed: id ${installed.appId}${text}`)];
}

/** Undefined when nothing is built here. */
async function builtVersion(directory: string): Promise<string | undefined> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(directory, MANIFEST), "utf8"));
    const { version } = manifest as { version?: unknown };
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}
