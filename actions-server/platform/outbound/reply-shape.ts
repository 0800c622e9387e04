/** Checks what a remote system sent, at the edge: members that we do not know are kept and ignored. */
import { Ajv } from "ajv";
import type { Static, TSchema } from "typebox";
import { FORMATS } from "#contract/instant";

const ajv = new Ajv({
  strict: true,
  coerceTypes: false,
  removeAdditional: false,
  formats: FORMATS,
});

export type Shaped<T> =
  | { readonly ok: true; readonly value: T }
  /** `problem` names the member by its JSON pointer and says what is wrong; it holds no value. */
  | { readonly ok: false; readonly problem: string };

/** Compiles a TypeBox schema once into a check of untrusted values. */
export function replyShape<S extends TSchema>(schema: S): (value: unknown) => Shaped<Static<S>> {
  const validate = ajv.compile<Static<S>>(schema);
  return (value) => {
    if (validate(value)) return { ok: true, value };
    const [first] = validate.errors ?? [];
    const where = first?.instancePath === "" ? "the body" : first?.instancePath;
    return { ok: false, problem: `${where} ${first?.message}` };
  };
}

/** What could be kept of a list's rows. */
export interface KeptRows<T> {
  readonly rows: readonly T[];
  /** Rows, and members of rows, that were left out because of their form. */
  readonly skipped: number;
}

/**
 * Reads the rows of a list each by itself, so that one odd row does not cost the others: a member in an unknown form is
 * left out, and a row that has no use without it (the schema demands it) is left out as a whole.
 */
export function rowReader<S extends TSchema>(
  schema: S,
): (rows: readonly unknown[]) => KeptRows<Static<S>> {
  const validate = ajv.compile<Static<S>>(schema);
  return (rows) => {
    const kept: Static<S>[] = [];
    let skipped = 0;
    for (const row of rows) {
      let candidate = row;
      let dropped = 0;
      while (candidate !== undefined && !validate(candidate)) {
        candidate = withoutMember(candidate, validate.errors?.[0]?.instancePath ?? "");
        dropped += 1;
      }
      if (candidate !== undefined) kept.push(candidate);
      skipped += candidate === undefined ? 1 : dropped;
    }
    return { rows: kept, skipped };
  };
}

/** The row without the member that a JSON pointer leads into; undefined: the row itself is at fault, or the member is missing. */
function withoutMember(row: unknown, pointer: string): unknown {
  const [, member] = pointer.split("/");
  if (member === undefined || typeof row !== "object" || row === null) return undefined;
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== member));
}
