/**
 * Earlier bundles, kept for a rollback: an upload replaces the bundle of its name, and the registry then no longer has
 * the previous one (seen on live accounts).
 */
import type { Bundle } from "#zis/model/bundle";
import { hashContent } from "./bundle-template.ts";
import { deleteConfig, findConfigs, noteOf, putConfig } from "./configs.ts";
import { InstallError } from "./install-error.ts";
import { BUNDLE_SCOPE } from "./notes.ts";
import { type OfIntegration, text } from "./zis-api.ts";

export interface Archived {
  readonly scope: string;
  /** Of exactly this content. */
  readonly contentHash: string;
  readonly uploadedAt: string;
  readonly gzip: string;
}

const KEPT = 3;

/** Newest first. */
export async function listArchived(of: OfIntegration): Promise<readonly Archived[]> {
  const configs = await findConfigs(of, `${BUNDLE_SCOPE}*`);
  return configs
    .map(({ scope, config }) => {
      const note = noteOf(config);
      return {
        scope,
        contentHash: text(note, "hash"),
        uploadedAt: text(note, "uploaded_at"),
        gzip: text(note, "gzip"),
      };
    })
    .filter(({ contentHash, gzip }) => contentHash !== "" && gzip !== "")
    .sort((one, other) => (one.uploadedAt < other.uploadedAt ? 1 : -1));
}

/** Keeps a bundle under the hash of its content, and the three newest in all. Compression makes it a tenth in size. */
export async function archiveBundle(
  of: OfIntegration,
  bundle: Bundle,
  { hash, uploadedAt }: { readonly hash: string; readonly uploadedAt: string },
): Promise<void> {
  const gzip = await compress(JSON.stringify(bundle));
  await putConfig(of, `${BUNDLE_SCOPE}${hash.slice(0, 32)}`, {
    hash,
    uploaded_at: uploadedAt,
    gzip,
  });
  for (const old of (await listArchived(of)).slice(KEPT)) await deleteConfig(of, old.scope);
}

/** @throws InstallError when the kept bundle differs from what was uploaded */
export async function openArchived(archived: Archived): Promise<Bundle> {
  const bundle = await decompress(archived.gzip)
    .then((json) => JSON.parse(json) as Bundle)
    .catch(() => undefined);
  if (bundle && (await hashContent(bundle)) === archived.contentHash) return bundle;
  throw new InstallError(
    `The kept bundle of ${archived.uploadedAt} was damaged.`,
    "Roll back to another one, or install the older version of the app.",
  );
}

async function compress(content: string): Promise<string> {
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  // In chunks: a call takes a limited number of arguments.
  const parts = Array.from({ length: Math.ceil(bytes.length / 8192) }, (_, part) =>
    String.fromCharCode(...bytes.subarray(part * 8192, (part + 1) * 8192)),
  );
  return btoa(parts.join(""));
}

async function decompress(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
