/** Prepares an app for installation: checks its package, and finds out whether the account has it already. */
import { UsageError } from "#zis/terminal/usage-error";
import { createHash } from "node:crypto";
import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { OpenAccount } from "../account.ts";
import { type Io } from "../command.ts";
import { readAppPackage } from "#app-package/folder";
import { lintApp } from "#app-package/lint";
import { type AppPackage, MANIFEST } from "#app-package/package";
import { CONFIG_FILE } from "./app-config.ts";
import {
  findOwnApp,
  type Installation,
  listInstallations,
  readServedApp,
} from "./installations.ts";

export interface AppOptions {
  /** The built app. */
  readonly directory: string;
  /** The value of `--zcli`. */
  readonly zcli: string | undefined;
}

/** What would be done; nothing is changed. `keep`: this package is the one that was uploaded last. */
export interface AppPlan {
  readonly action: "create" | "update" | "keep";
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
  readonly action: AppPlan["action"];
  /** A hash of the package's files. */
  readonly sha256: string;
}

export async function planApp(io: Io, account: OpenAccount, options: AppOptions): Promise<AppPlan> {
  const { directory, appId, action } = await prepareApp(io, account, options);
  return { action, appId: appId ?? null, directory };
}

/** @throws UsageError when the package is missing or would be refused */
export async function prepareApp(
  io: Io,
  { zendesk, project }: OpenAccount,
  options: AppOptions,
): Promise<Prepared> {
  const directory = resolve(io.cwd, options.directory);
  const app = await readApp(directory);
  const manifest = lintedManifest(app, directory);
  const installations = await listInstallations(zendesk.call);
  // Only caseqa.json counts, because zcli's own file beside the app may belong to another account.
  const installation =
    installations.find(({ appId }) => appId === project.app_id) ??
    installations.find(({ name }) => name === manifest.name);
  const appId =
    installation?.appId ?? (await knownApp(zendesk.call, project.app_id, manifest.name));
  const sha256 = hashPackage(app);
  const known = { directory, manifest, appId, installation, sha256 };
  if (appId === undefined) return { ...known, action: "create" };
  const served = await readServedApp(zendesk.call, appId);
  const isSame =
    installation !== undefined &&
    project.app_id === appId &&
    project.app_sha256 === sha256 &&
    served?.updatedAt !== undefined &&
    project.app_updated_at === served.updatedAt;
  return { ...known, action: isSame ? "keep" : "update" };
}

/** SHA-256 over names and contents, in hex; zcli's own file is not part of the package. */
function hashPackage({ files }: AppPackage): string {
  const hash = createHash("sha256");
  for (const path of [...files.keys()].sort()) {
    if (path === CONFIG_FILE) continue;
    const bytes = files.get(path)?.bytes ?? Buffer.alloc(0);
    hash.update(`${path}\0${bytes.byteLength}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/** An app that was created and not installed, or removed since: only Zendesk knows. */
async function knownApp(
  call: OpenAccount["zendesk"]["call"],
  remembered: string | undefined,
  name: string,
): Promise<string | undefined> {
  if (remembered !== undefined && (await readServedApp(call, remembered))) return remembered;
  return findOwnApp(call, name);
}

async function readApp(directory: string): Promise<AppPackage> {
  const there = await access(join(directory, MANIFEST)).then(
    () => true,
    () => false,
  );
  if (there) return readAppPackage(directory);
  throw new UsageError(
    `there is no app in ${directory}: build it (npm run build:app), or give --app DIR`,
  );
}

function lintedManifest(app: AppPackage, directory: string): Manifest {
  // Our own files are placed beside the app before it is packed.
  const errors = lintApp(app).filter(
    ({ severity, rule }) => severity === "error" && rule !== "config-packed",
  );
  const [first] = errors;
  if (first) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    throw new UsageError(
      `${directory} would be refused: ${first.file}: ${first.message.replace(/\.$/, "")}${more}; caseqa lint ${directory} shows all`,
    );
  }
  return app.object(MANIFEST) as unknown as Manifest;
}
