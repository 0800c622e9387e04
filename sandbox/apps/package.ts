/** An uploaded package: unpacked, and judged by the rules of Zendesk's validator. */
import { isJsonObject, type Json } from "../../zis/model/json.ts";
import { type Manifest, plain, readManifest } from "./manifest.ts";
import { manifestFaults } from "./manifest-rules.ts";
import { InvalidZip, readZip } from "./zip.ts";

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

const FORBIDDEN =
  /\.(rar|zip|gz|gzip|pdf|docx?|xlsx?|pptx?|avi|mp3|mpeg|7z|jar|sh|csh|bin|bz2?|odt)$/i;

/** Opens a package. Warnings of the real validator are left out: they stop nothing. */
export function openPackage(zip: Buffer): Opened {
  if (zip.length > LARGEST_ZIP) return refused("Invalid zip file");
  try {
    const entries = readZip(zip, LARGEST_UNPACKED);
    const links = [...entries].filter(([, { symlink }]) => symlink).map(([path]) => path);
    if (links.length > 0) return refused(`Symlinks are not allowed: ${links.join(", ")}`);
    return judge(new Map([...entries].map(([path, { content }]) => [path, content])));
  } catch (error) {
    if (error instanceof InvalidZip) return refused(error.message);
    throw error;
  }
}

function judge(files: ReadonlyMap<string, Buffer>): Opened {
  const written = files.get("manifest.json");
  if (!written) {
    const nested = [...files.keys()].find((path) => path.endsWith("/manifest.json"));
    return refused(
      nested === undefined
        ? "Could not find manifest.json"
        : `Could not find manifest.json: it is nested in ${nested}`,
    );
  }
  const manifest = parse(written);
  if (!isJsonObject(manifest)) return refused("manifest is not proper JSON");
  const paths = new Set(files.keys());
  const translated = translation(files, manifest["defaultLocale"]);
  const faults = [
    ...manifestFaults(manifest, paths),
    ...[...paths].filter((path) => FORBIDDEN.test(path)).map((path) => `Unsupported file: ${path}`),
    ...(translated === null ? ["Missing required key from translations: app.name"] : []),
  ];
  if (faults.length > 0) return { ok: false, faults };
  const read = readManifest(manifest);
  return { ok: true, app: { manifest: read, displayName: translated ?? read.name, files } };
}

/** `app.name` of the default locale; null when the file has none, undefined when there is no file. */
function translation(
  files: ReadonlyMap<string, Buffer>,
  locale: Json | undefined,
): string | null | undefined {
  const file = files.get(`translations/${plain(locale)}.json`);
  if (!file) return undefined;
  const content = parse(file);
  const app = isJsonObject(content) ? content["app"] : undefined;
  const name = isJsonObject(app) ? app["name"] : undefined;
  return typeof name === "string" && name !== "" ? name : null;
}

function parse(file: Buffer): Json | undefined {
  try {
    return JSON.parse(file.toString("utf8")) as Json;
  } catch {
    return undefined;
  }
}

function refused(fault: string): Opened {
  return { ok: false, faults: [fault] };
}
