/** Checks what a remote system sent, at the edge: members that we do not know are kept and ignored. */
import { Ajv } from "ajv";
import type { Static, TSchema } from "typebox";
import { FORMATS } from "../instant.ts";

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
