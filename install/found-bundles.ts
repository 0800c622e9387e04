/** Which of our bundles the registry has, newest first. */
import type { Bundle } from "#zis/model/bundle";
import { stampOf } from "./bundle-stamp.ts";
import { hashBuild, hashContent, serverOf } from "./bundle-template.ts";
import { listBundles, type OfIntegration, showBundle } from "./zis-api.ts";

export interface ReadBundle {
  readonly uuid: string;
  readonly bundle: Bundle;
  /** Which build it is. */
  readonly hash: string;
  /** Of exactly the content read back. */
  readonly contentHash: string;
  /** The hash in its stamp; null: it has none. */
  readonly claimedHash: string | null;
  /** From its stamp; null: it has none. */
  readonly uploadedAt: string | null;
  /** The origin that its actions call; null: none, or several. */
  readonly serverUrl: string | null;
}

/**
 * Newest first, by their stamps. A bundle without a stamp counts as the newest, because somebody else uploaded it. An
 * upload is known to replace the bundle of its name; this order also holds for an account that keeps several.
 */
export async function readBundles(of: OfIntegration, name: string): Promise<readonly ReadBundle[]> {
  const listed = await listBundles(of);
  const ours = listed.filter(
    (bundle) => bundle.name === name || stampOf(bundle.description) !== null,
  );
  const read = await Promise.all(
    ours.map(async ({ uuid }): Promise<ReadBundle> => {
      const bundle = await showBundle(of, uuid);
      const stamp = stampOf(bundle.description);
      return {
        uuid,
        bundle,
        hash: await hashBuild(bundle, of.integration),
        contentHash: await hashContent(bundle),
        claimedHash: stamp?.hash ?? null,
        uploadedAt: stamp?.uploadedAt ?? null,
        serverUrl: serverOf(bundle),
      };
    }),
  );
  const age = ({ uploadedAt }: ReadBundle) => uploadedAt ?? "~";
  return read.sort((one, other) => (age(one) < age(other) ? 1 : -1));
}

/** True when the stamp matches: the content was not changed after our upload. */
export function isOurs({
  contentHash,
  claimedHash,
}: Pick<ReadBundle, "contentHash" | "claimedHash">): boolean {
  return contentHash === claimedHash;
}
