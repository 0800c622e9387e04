/** Installs the app in the account: by zcli, read back from Zendesk, and registered at our server. */
import { askServer } from "#install/ask-server";
import type { OpenAccount } from "../account.ts";
import { type Io, Refused } from "../command.ts";
import { type Project, readProject, writeProject } from "../project.ts";
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
  readServedApp,
  readPublicKey,
  updateInstallation,
} from "./installations.ts";
import { type AppOptions, prepareApp, type Prepared } from "./prepare-app.ts";
import { findZcli, runZcli, saidBy } from "./zcli.ts";

export interface AppResult {
  /** `unchanged`: this package is the one that was uploaded last. */
  readonly action: "created" | "updated" | "unchanged";
  readonly appId: string;
  readonly installationId: string;
  /** The version that Zendesk serves; null: it does not say. */
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
 * @throws UsageError when the package is missing or wrong; Refused when Zendesk or our server refuses
 */
export async function installApp(
  io: Io,
  account: OpenAccount,
  options: AppOptions,
): Promise<AppResult> {
  const prepared = await prepareApp(io, account, options);
  const { appId, installationId } =
    prepared.action === "keep" && prepared.installation
      ? await keep(account, prepared.installation)
      : await upload(io, account, prepared, options);
  const served = await readServedApp(account.zendesk.call, appId);
  await remember(io, account, {
    app_id: appId,
    installation_id: installationId,
    app_sha256: prepared.sha256,
    ...(served?.updatedAt === undefined ? {} : { app_updated_at: served.updatedAt }),
  });
  await tellServer(account, appId, installationId);
  return {
    action: DONE[prepared.action],
    appId,
    installationId,
    version: served?.version ?? null,
    page: appPage(account.zendesk.origin),
  };
}

const DONE = { create: "created", update: "updated", keep: "unchanged" } as const;

interface AppIds {
  readonly appId: string;
  readonly installationId: string;
}

/** The parameters that an installation must have. */
function oursOf({ project }: OpenAccount): Readonly<Record<string, string>> {
  return { server_url: project.server_url, integration: project.integration };
}

/** This package is the one that was uploaded last, so only the installation's parameters are checked. */
async function keep(account: OpenAccount, { appId, settings }: Installation): Promise<AppIds> {
  const { id } = await readBack(account.zendesk.call, appId, settings, oursOf(account));
  return { appId, installationId: id };
}

/** Gives the package to zcli, and reads back the result. */
async function upload(
  io: Io,
  account: OpenAccount,
  prepared: Prepared,
  options: AppOptions,
): Promise<AppIds> {
  const { directory, manifest, installation, action } = prepared;
  const { call } = account.zendesk;
  const zcli = await findZcli(options.zcli, io);
  const ours = oursOf(account);
  const config = completeAppConfig(await readAppConfig(directory), manifest.parameters ?? [], {
    ours,
    installed: installation?.settings ?? {},
    appId: prepared.appId,
    installationId: installation?.id,
  });
  await completeIgnoreFile(directory);
  await writeAppConfig(directory, config);

  io.progress.show(`zcli apps:${action}`);
  const run = await runZcli(zcli, [`apps:${action}`, directory], io, (line) => {
    io.progress.show(`zcli: ${line}`);
  });
  const appId = await readAppId(directory, prepared.appId, () => findOwnApp(call, manifest.name));
  if (appId === undefined) throw zcliFailed(action, run.output);
  const settings = { name: manifest.name, ...config.parameters };
  const installed = await readBack(call, appId, settings, ours);
  const version = (await readServedApp(call, appId))?.version;
  if (version !== undefined && manifest.version !== undefined && version !== manifest.version) {
    throw zcliFailed(action, `Zendesk serves ${version}, not ${manifest.version}. ${run.output}`);
  }
  // zcli can leave its file empty, and the next update would then send empty values.
  await writeAppConfig(directory, {
    ...config,
    app_id: Number(appId),
    installation_id: Number(installed.id),
  });
  return { appId, installationId: installed.id };
}

/** zcli writes the id when the upload's job has completed, whether or not the installation worked. */
async function readAppId(
  directory: string,
  before: string | undefined,
  find: () => Promise<string | undefined>,
): Promise<string | undefined> {
  if (before !== undefined) return before;
  const { app_id: id } = await readAppConfig(directory);
  return id === undefined ? find() : String(id);
}

/** The installation as Zendesk has it, after creating or correcting it if necessary. */
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
    const remedy = "Run caseqa install again.";
    throw new Refused(`Zendesk took the app ${appId}, but lists no installation of it`, remedy);
  }
  const { settings: has } = installed;
  if (Object.entries(ours).every(([name, value]) => has[name] === value)) return installed;
  await updateInstallation(call, installed.id, ours);
  return installed;
}

async function remember(
  { cwd }: Io,
  { project }: OpenAccount,
  app: Pick<Project, "app_id" | "installation_id" | "app_sha256" | "app_updated_at">,
): Promise<void> {
  // Without a file the account comes from the environment, so no file is created.
  if (!(await readProject(cwd))) return;
  const { app_updated_at: _before, ...kept } = project;
  const next: Project = { ...kept, ...app };
  if (JSON.stringify(next) !== JSON.stringify(project)) await writeProject(cwd, next);
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
  await askServer(context.callServer, "register the app's installation at the server", {
    route: "register-installation",
    body,
  });
}

function zcliFailed(action: string, output: string): Refused {
  return new Refused(
    `zcli apps:${action} did not succeed: ${saidBy(output).slice(-3).join(" ").slice(0, 500)}`,
    `DEBUG=* zcli apps:${action} DIR says more; zcli apps:validate DIR says what Zendesk refuses.`,
  );
}
