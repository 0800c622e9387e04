/** What a step is once it is checked. */
import type { Outcome, Value } from "./value.ts";

/** `rawOf`: the raw value of another field of the same ticket, user or agent. */
export type Transform = (value: Value, rawOf: (field: string) => unknown) => Outcome<Value>;

export type OpenedStep =
  | { readonly kind: "ready"; readonly transform: Transform }
  | { readonly kind: "refused"; readonly message: string };

export const ready = (transform: Transform): OpenedStep => ({ kind: "ready", transform });
/** `message` says to people what is wrong with the definition. */
export const refused = (message: string): OpenedStep => ({ kind: "refused", message });
