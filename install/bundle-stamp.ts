/** The stamp in the description of an uploaded bundle: the hash of its content and the time of the upload. */
import type { Bundle } from "#zis/model/bundle";

export interface Stamp {
  /** Of exactly this content (`hashContent`), so that any change shows. */
  readonly hash: string;
  /** ISO 8601, UTC. */
  readonly uploadedAt: string;
}

const STAMP = / \[caseqa sha256:([0-9a-f]{64}) uploaded:([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z)\]$/;

/** The bundle with its stamp; an older one is replaced. The registry lists descriptions. */
export function stampBundle(bundle: Bundle, { hash, uploadedAt }: Stamp): Bundle {
  const { description = "" } = contentOf(bundle);
  return {
    ...bundle,
    description: `${description} [caseqa sha256:${hash} uploaded:${uploadedAt}]`,
  };
}

/** The stamp in a description, or null. */
export function stampOf(description: string | undefined): Stamp | null {
  const [, hash, uploadedAt] = STAMP.exec(description ?? "") ?? [];
  return hash && uploadedAt ? { hash, uploadedAt } : null;
}

/** A bundle's content: without its stamp, and without what the registry adds when it is read back. */
export function contentOf({ name, description, zis_template_version, resources }: Bundle): Bundle {
  const own = (description ?? "").replace(STAMP, "");
  return {
    name,
    ...(own === "" ? {} : { description: own }),
    zis_template_version,
    resources,
  };
}
