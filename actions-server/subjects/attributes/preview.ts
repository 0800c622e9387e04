/** What a version makes of the newest stored rows, beside what the one in force makes of them. */
import type { Kysely } from "kysely";
import type { PreviewReply } from "#contract/routes/attributes";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import type { ReadActive } from "./active-definitions.ts";
import { notePreview, readVersion, type AttributeRef } from "./definition-store.ts";
import { readSeen } from "./seen-raw.ts";
import { readNewestRows } from "./source-rows.ts";
import { inputsOf, openDefinition } from "./transforms/open-definition.ts";
import { toReply } from "./value-row.ts";

export interface PreviewDeps {
  readonly db: Kysely<Database>;
  readonly readActive: ReadActive;
  readonly now: () => Date;
}

const ROWS = 20;

/** From then on the version may be put in force. Throws NOT_FOUND when there is no such version. */
export async function preview(
  { db, readActive, now }: PreviewDeps,
  attribute: AttributeRef,
  { version, rows: count = ROWS }: { readonly version: number; readonly rows?: number },
): Promise<PreviewReply> {
  const { account, id } = attribute;
  const { definition } = await readVersion(db, attribute, version);
  const opened = openDefinition(definition);
  if (opened.kind === "refused") {
    throw new AppError("BAD_REQUEST", opened.refusals.map(({ message }) => message).join("; "));
  }
  const [active] = await readActive(db, account, { id });
  const found = await readNewestRows(db, account, definition.subject, count);
  const { subject } = definition;
  const seenOf = await readSeen(db, {
    account,
    subject,
    definitions: [{ id, definition }],
    rows: found,
  });
  const rows = found.map((row) => {
    const raw = { ...seenOf(row.id, id), ...row.raw };
    const { value, problem } = opened.compute(raw);
    return {
      id: row.id,
      raw: { ...inputsOf(definition, raw) },
      before: active ? toReply(active.compute(raw).value) : null,
      after: toReply(value),
      problem: problem && { code: problem.code, step: problem.step },
    };
  });
  await notePreview(db, attribute, version, now());
  const countOf = (test: (row: (typeof rows)[number]) => boolean) => rows.filter(test).length;
  return {
    version,
    rows,
    with_value: countOf(({ after }) => after !== null),
    changed: countOf(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after)),
    problems: countOf(({ problem }) => problem !== null),
  };
}
