/** What is known before the app is put into an account: its package without errors, and whether it is there already. */
import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { OpenAccount } from "../account.ts";
import { type Io, Misuse } from "../command.ts";
import { type AppPackage, MANIFEST, readAppPackage } from "../lint/app-package.ts";
import { lintApp } from "../lint/lint-app.ts";
import { readAppConfig } from "./app-config.ts";
import { findOwnApp, type Installation, listInstallations } from "./installations.ts";

export interface AppOptions {
  /** The built app. */
  readonly directory: string;
  /** As `--zcli`. */
  readonly zcli: string | undefined;
}

/** What would be done; nothing is changed. */
export interface AppPlan {
  readonly action: "create" | "update";
  readonly appId: string | null;
  readonly directory: string;
}

interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly parameters?: readonly { readonly name: string; readonly required?: boolean }[];
}

export interface Prepared {
  readonly directory: string;
  readonly manifest: Manifest;
  readonly appId: string | undefined;
  readonly installation: Installation | undefined;
}

export async function planApp(io: Io, account: OpenAccount, options: AppOptions): Promise<AppPlan> {
  const { directory, appId } = await prepareApp(io, account, options);
  return { action: appId === undefined ? "create" : "update", appId: appId ?? null, directory };
}

/** @throws Misuse when the package is missing or would be refused */
export async function prepareApp(
  io: Io,
  { zendesk, project }: OpenAccount,
  options: AppOptions,
): Promise<Prepared> {
  const directory = resolve(io.cwd, options.directory);
  const manifest = lintedManifest(await readApp(directory), directory);
  const installations = await listInstallations(zendesk.call);
  const config = await readAppConfig(directory);
  const remembered = [project.app_id, config.app_id].filter((id) => id !== undefined).map(String);
  const installation =
    installations.find(({ appId }) => remembered.includes(appId)) ??
    installations.find(({ name }) => name === manifest.name);
  const appId = installation?.appId ?? (await knownApp(zendesk.call, remembered, manifest.name));
  return { directory, manifest, appId, installation };
}

/** An app that was created and not installed, or removed since: only Zendesk knows. */
async function knownApp(
  call: OpenAccount["zendesk"]["call"],
  remembered: readonly string[],
  name: string,
): Promise<string | undefined> {
  for (const id of remembered) {
    const { status } = await call({ method: "GET", path: `/api/v2/apps/${id}.json` });
    if (status === 200) return id;
  }
  return findOwnApp(call, name);
}

async function readApp(directory: string): Promise<AppPackage> {
  const there = await access(join(directory, MANIFEST)).then(
    () => true,
    () => false,
  );
  if (there) return readAppPackage(directory);
  throw new Misuse(
    `there is no app in ${directory}: build it (npm run build:app), or give --app DIR`,
  );
}

function lintedManifest(app: AppPackage, directory: string): Manifest {
  // Our own files are put beside the app before it is packed.
  const errors = lintApp(app).filter(
    ({ severity, rule }) => severity === "error" && rule !== "config-packed",
  );
  const [first] = errors;
  if (first) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    throw new Misuse(
      `${directory} would be refused: ${first.file}: ${first.message}${more}; caseqa lint ${directory} tells all`,
    );
  }
  return app.object(MANIFEST) as unknown as Manifest;
}
