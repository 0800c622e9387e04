/** What the org itself sets when a record is saved: defaults, names, the closing of a case, stamps. */
import { formatDatetime } from "./datetime.ts";
import { CLOSED_STATUSES } from "./objects.ts";
import { fieldOf, type ObjectSchema, type SfRecord } from "./schema.ts";

/** Default values of an object's fields, for a new record. */
export function defaults(object: ObjectSchema): SfRecord {
  return Object.fromEntries(
    object.fields.filter((one) => !one.formula).map((one) => [one.name, one.defaultValue]),
  );
}

/** `IsClosed` follows the status; `ClosedDate` is when it last became closed. */
function closing(record: SfRecord, now: Date): SfRecord {
  const closed = CLOSED_STATUSES.has(String(record["Status"]));
  const closedDate = closed ? (record["ClosedDate"] ?? formatDatetime(now)) : null;
  return { ...record, IsClosed: closed, ClosedDate: closedDate };
}

function fullName(record: SfRecord): SfRecord {
  const parts = [record["FirstName"], record["LastName"]].filter((part) => part);
  return { ...record, Name: parts.length > 0 ? parts.join(" ") : (record["Name"] ?? null) };
}

/** The record with the fields that others determine. */
export function derive(object: ObjectSchema, record: SfRecord, now: Date): SfRecord {
  if (object.name === "Case") return closing(record, now);
  return object.name === "Contact" || object.name === "User" ? fullName(record) : record;
}

/** Stamps of a save by `userId`. Both stamps move: the API has no write that moves only one. */
export function modified(userId: string, now: Date): SfRecord {
  const at = formatDatetime(now);
  return { LastModifiedDate: at, LastModifiedById: userId, SystemModstamp: at };
}

/** Stamps of a creation by `userId`, and the creator as owner where the object has owners. */
export function created(object: ObjectSchema, userId: string, now: Date): SfRecord {
  return {
    CreatedDate: formatDatetime(now),
    CreatedById: userId,
    ...modified(userId, now),
    ...(fieldOf(object, "OwnerId") ? { OwnerId: userId } : {}),
  };
}
