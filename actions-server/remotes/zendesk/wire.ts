/** Forms that Zendesk's rows have in common. */
import { Type, type Static } from "typebox";

/** An id on the wire. Beyond 2^53 it arrives as text (lossless-json.ts); -1 is Zendesk itself. */
export const Id = Type.Union([
  Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
  Type.String({ pattern: "^-?[0-9]+$" }),
]);
export const Instant = Type.String({ format: "date-time" });

/** Absent and null are the same on the wire. */
export const optional = <T extends Parameters<typeof Type.Optional>[0]>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

export const Via = optional(
  Type.Object({ channel: optional(Type.Union([Type.String(), Type.Integer()])) }),
);

export function toId(id: Static<typeof Id> | null | undefined): string | undefined {
  return id === null || id === undefined ? undefined : String(id);
}

export function toDate(instant: string | null | undefined): Date | undefined {
  return instant === null || instant === undefined ? undefined : new Date(instant);
}

/** Most channels come as names, some as numbers. */
export function toChannel(via: Static<typeof Via> | undefined): string | undefined {
  const channel = via?.channel;
  return channel === null || channel === undefined ? undefined : String(channel);
}
