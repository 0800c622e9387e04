/** The app in the account: put there by zcli, read back from Zendesk, and told to our server. */
import { ADMIN_PATHS } from "../../actions-server/contract/admin.ts";
import type { OpenAccount } from "../account.ts";
import { type Io, Refused } from "../command.ts";
import { answerText } from "../http.ts";
import { readProject, writeProject } from "../project.ts";
import { SERVER_CURE } from "../server-login.ts";
import {
  completeAppConfig,
  completeIgnoreFile,
  readAppConfig,
  writeAppConfig,
} from "./app-config.ts";
import {
  createInstallation,
  findOwnApp,
  type Installation,
  listInstallations,
  readAppVersion,
  readPublicKey,
  updateInstallation,
} from "./installations.ts";
import { type AppOptions, prepareApp } from "./prepare-app.ts";
import { findZcli, runZcli } from "./zcli.ts";

export interface AppResult {
  readonly action: "created" | "updated";
  readonly appId: string;
  readonly installationId: string;
  /** What Zendesk serves; null: it does not tell. */
  readonly version: string | null;
  readonly page: string;
}

/** Where an administrator opens the app. Zendesk makes the address from the app's name. */
export function appPage(origin: string): string {
  return `${origin}/agent/apps/caseqa`;
}

/**
 * Creates or updates the app, and installs it where zcli did not.
 *
 * @throws Misuse when the package is missing or wrong; Refused when Zendesk or our server refuse
 */
export async function installApp(
  io: Io,
  account: OpenAccount,
  options: AppOptions,
): Promise<AppResult> {
  const prepared = await prepareApp(io, account, options);
  const { directory, manifest, installation } = prepared;
  const { call } = account.zendesk;
  const zcli = await findZcli(options.zcli, io);
  const { server_url, integration } = account.project;
  const ours = { server_url, integration };
  const config = completeAppConfig(await readAppConfig(directory), manifest.parameters ?? [], {
    ours,
    installed: installation?.settings ?? {},
    appId: prepared.appId,
    installationId: installation?.id,
  });
  await completeIgnoreFile(directory);
  await writeAppConfig(directory, config);

  const action = prepared.appId === undefined ? "create" : "update";
  io.progress.show(`zcli apps:${action}`);
  const run = await runZcli(zcli, [`apps:${action}`, directory], io, (line) => {
    io.progress.show(`zcli: ${line}`);
  });
  const appId = await readAppId(directory, prepared.appId, () => findOwnApp(call, manifest.name));
  if (appId === undefined) throw zcliFailed(action, run.output);
  const settings = { name: manifest.name, ...config.parameters };
  const installed = await readBack(call, appId, settings, ours);
  const version = await readAppVersion(call, appId);
  if (version !== undefined && manifest.version !== undefined && version !== manifest.version) {
    throw zcliFailed(action, `Zendesk serves ${version}, not ${manifest.version}. ${run.output}`);
  }
  // zcli can leave its file empty; the next update would then send empty values.
  await writeAppConfig(directory, {
    ...config,
    app_id: Number(appId),
    installation_id: Number(installed.id),
  });
  await remember(io, account, appId, installed.id);
  await tellServer(account, appId, installed.id);
  return {
    action: action === "create" ? "created" : "updated",
    appId,
    installationId: installed.id,
    version: version ?? null,
    page: appPage(account.zendesk.origin),
  };
}

/** zcli writes the id when the upload's job has completed, whatever came of the installation. */
async function readAppId(
  directory: string,
  before: string | undefined,
  find: () => Promise<string | undefined>,
): Promise<string | undefined> {
  if (before !== undefined) return before;
  const { app_id: id } = await readAppConfig(directory);
  return id === undefined ? find() : String(id);
}

/** The installation as Zendesk has it, made or mended where it is not as it should be. */
async function readBack(
  call: OpenAccount["zendesk"]["call"],
  appId: string,
  settings: Readonly<Record<string, unknown>>,
  ours: Readonly<Record<string, string>>,
): Promise<Installation> {
  const find = async () => (await listInstallations(call)).find((each) => each.appId === appId);
  let installed = await find();
  if (!installed) {
    await createInstallation(call, appId, settings);
    installed = await find();
  }
  if (!installed) {
    const cure = "Run caseqa install again.";
    throw new Refused(`Zendesk took the app ${appId}, but lists no installation of it`, cure);
  }
  const { settings: has } = installed;
  if (Object.entries(ours).every(([name, value]) => has[name] === value)) return installed;
  await updateInstallation(call, installed.id, ours);
  return installed;
}

async function remember(
  { cwd }: Io,
  { project }: OpenAccount,
  appId: string,
  installationId: string,
): Promise<void> {
  // Without a file the account comes from the environment: nothing is written where nothing was.
  if (!(await readProject(cwd))) return;
  const changed = project.app_id !== appId || project.installation_id !== installationId;
  if (changed)
    await writeProject(cwd, { ...project, app_id: appId, installation_id: installationId });
}

async function tellServer(
  { context, zendesk }: OpenAccount,
  appId: string,
  installationId: string,
): Promise<void> {
  const publicKey = await readPublicKey(zendesk.call, appId);
  const body = {
    app_id: appId,
    installation_id: installationId,
    ...(publicKey !== undefined && { public_key: publicKey }),
  };
  const answer = await context.callServer({ method: "PUT", path: ADMIN_PATHS.installation, body });
  if (answer.status >= 200 && answer.status < 300) return;
  throw new Refused(
    `our server does not take the installation: ${answerText(answer)}`,
    answer.status === 401 ? SERVER_CURE : "Mend what it names, then run caseqa install again.",
  );
}

function zcliFailed(action: string, output: string): Refused {
  const told = output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/deprecated|update available/i.test(line));
  return new Refused(
    `zcli apps:${action} did not succeed: ${told.slice(-3).join(" ").slice(0, 500)}`,
    `DEBUG=* zcli apps:${action} DIR tells more; zcli apps:validate DIR tells what Zendesk refuses.`,
  );
}
