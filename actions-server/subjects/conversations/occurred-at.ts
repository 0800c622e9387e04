/** The time of an event that orders what is stored, read from a request. Pure. */
import { isFarAhead, readInstant } from "#contract/instant";
import { AppError } from "#platform/errors";

/** Throws BAD_REQUEST for an instant that does not exist, and for one that would be the latest for good. */
export function readOccurredAt(text: string, now: Date): Date {
  const occurredAt = readInstant(text);
  if (!occurredAt) throw new AppError("BAD_REQUEST", "body.occurred_at is not a date that exists");
  if (isFarAhead(occurredAt, now)) {
    throw new AppError("BAD_REQUEST", "body.occurred_at is more than a day in the future");
  }
  return occurredAt;
}
