/** An uploaded package: unpacked, and judged by the rules of Zendesk's validator. */
import { refusals } from "#app-package/lint";
import {
  type AppFile,
  type AppPackage as PackageFiles,
  createAppPackage,
  isObject,
  MANIFEST,
} from "#app-package/package";
import { InvalidZip, unzip } from "#app-package/zip";
import type { JsonObject } from "#zis/model/json";
import { type Manifest, readManifest } from "./manifest.ts";

export interface AppPackage {
  readonly manifest: Manifest;
  /** The app's name in its default locale. */
  readonly displayName: string;
  /** By path: `manifest.json`, `assets/…`, `translations/…`. */
  readonly files: ReadonlyMap<string, Buffer>;
}

export type Opened =
  | { readonly ok: true; readonly app: AppPackage }
  | { readonly ok: false; readonly faults: readonly string[] };

/** A user's figure (zcli issue 285), not Zendesk's. */
const LARGEST_ZIP = 16 * 1024 * 1024;
const LARGEST_UNPACKED = 64 * 1024 * 1024;

/** Opens a package. Warnings of the real validator are left out: they stop nothing. */
export async function openPackage(zip: Buffer): Promise<Opened> {
  if (zip.length > LARGEST_ZIP) return refused("Invalid zip file");
  try {
    return judge(await unzip(zip, LARGEST_UNPACKED));
  } catch (error) {
    if (error instanceof InvalidZip) return refused(error.message);
    throw error;
  }
}

function judge(entries: ReadonlyMap<string, AppFile>): Opened {
  const app = createAppPackage(entries, []);
  const faults = refusals(app);
  if (faults.length > 0) return { ok: false, faults };
  const manifest = readManifest((app.object(MANIFEST) ?? {}) as JsonObject);
  const files = new Map([...entries].map(([path, { bytes }]) => [path, bytes]));
  return { ok: true, app: { manifest, displayName: displayName(app, manifest), files } };
}

/** The app's name in its default locale. */
function displayName(app: PackageFiles, { name, defaultLocale }: Manifest): string {
  const texts = app.object(`translations/${defaultLocale}.json`)?.["app"];
  const translated = isObject(texts) ? texts["name"] : undefined;
  return typeof translated === "string" ? translated : name;
}

function refused(fault: string): Opened {
  return { ok: false, faults: [fault] };
}
