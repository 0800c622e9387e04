/** Puts a version in force, or an attribute out of it, together with the job that computes its values anew. */
import type { Transaction } from "kysely";
import type { ActivateReply, ActivateRequest } from "#contract/routes/attributes";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import {
  nameTakenBy,
  putInForce,
  readActiveVersion,
  readVersion,
  type AttributeRef,
} from "./definition-store.ts";
import { lockDefinitions } from "./locks.ts";
import { beginRerun, readRerun, stopRerun, type EnqueueRerun } from "./rerun-store.ts";

/** The same request again is answered as before and starts nothing. Throws NOT_FOUND when there is no such version. */
export async function activate(
  trx: Transaction<Database>,
  enqueue: EnqueueRerun,
  attribute: AttributeRef,
  { version, replaces }: ActivateRequest,
  now: Date,
): Promise<ActivateReply> {
  await lockDefinitions(trx, attribute.account);
  const wanted = await readVersion(trx, attribute, version);
  const active = await readActiveVersion(trx, attribute);
  if (active === version) {
    const rerun = await readRerun(trx, attribute);
    if (rerun) return { outcome: "activated", rerun };
  }
  if (active !== replaces) return { outcome: "superseded", active_version: active };
  if (!wanted.previewedAt) return { outcome: "not_previewed" };
  const by = await nameTakenBy(trx, attribute, wanted);
  if (by !== undefined) return { outcome: "name_taken", by };
  const rerun = await beginRerun(trx, enqueue, { ...attribute, version }, now);
  await putInForce(trx, attribute, version, now);
  return { outcome: "activated", rerun };
}

/** Its values stay as they are. Once more changes nothing. Throws NOT_FOUND when there is no such attribute. */
export async function retire(
  trx: Transaction<Database>,
  attribute: AttributeRef,
  now: Date,
): Promise<void> {
  await lockDefinitions(trx, attribute.account);
  await readVersion(trx, attribute, 1);
  await stopRerun(trx, attribute, now);
  await putInForce(trx, attribute, null, now);
}

/** @throws AppError NOT_FOUND when no version is in force */
export async function rerun(
  trx: Transaction<Database>,
  enqueue: EnqueueRerun,
  attribute: AttributeRef,
  now: Date,
) {
  await lockDefinitions(trx, attribute.account);
  const version = await readActiveVersion(trx, attribute);
  if (version === null) throw new AppError("NOT_FOUND", "no version of this attribute is in force");
  return beginRerun(trx, enqueue, { ...attribute, version }, now);
}
