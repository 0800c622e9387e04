/** Our earlier bundles that can be restored, from the registry or from what was kept. */
import type { Bundle } from "#zis/model/bundle";
import { type Archived, listArchived, openArchived } from "./bundle-archive.ts";
import { hashBuild } from "./bundle-template.ts";
import type { StepContext } from "./context.ts";
import { isOurs, type ReadBundle, readBundles } from "./found-bundles.ts";

/** A bundle that `rollBack` can restore. */
export interface PreviousBundle {
  /** Which build it is. */
  readonly hash: string;
  readonly uploadedAt: string;
}

interface Candidate extends PreviousBundle {
  readonly open: () => Promise<Bundle>;
}

/** Our bundles that can be restored, newest first, without the current one. */
export async function listPrevious(context: StepContext): Promise<readonly PreviousBundle[]> {
  const { candidates } = await findPrevious(context);
  return candidates.map(({ hash, uploadedAt }) => ({ hash, uploadedAt }));
}

/** The same with access to their content, and what the registry has. */
export async function findPrevious(context: StepContext): Promise<{
  readonly read: readonly ReadBundle[];
  readonly candidates: readonly Candidate[];
}> {
  const read = await readBundles(context, context.template.bundle.name);
  const inRegistry = read.slice(1).flatMap((one): readonly Candidate[] => {
    const { hash, uploadedAt, bundle } = one;
    return isOurs(one) && uploadedAt !== null
      ? [{ hash, uploadedAt, open: () => Promise.resolve(bundle) }]
      : [];
  });
  const archived = await Promise.all(
    (await listArchived(context)).map(async (one): Promise<Candidate> => ({
      hash: await buildOf(one, context.integration),
      uploadedAt: one.uploadedAt,
      open: () => openArchived(one),
    })),
  );
  const now = read[0]?.hash;
  const known = new Map<string, Candidate>();
  const oldestFirst = [...archived, ...inRegistry].sort((one, other) =>
    one.uploadedAt < other.uploadedAt ? -1 : 1,
  );
  for (const one of oldestFirst) if (one.hash !== now) known.set(one.hash, one);
  return { read, candidates: [...known.values()].toReversed() };
}

/** One that cannot be opened keeps its content hash: restoring it then reports why it fails. */
async function buildOf(archived: Archived, integration: string): Promise<string> {
  const bundle = await openArchived(archived).catch(() => null);
  return bundle === null ? archived.contentHash : hashBuild(bundle, integration);
}
