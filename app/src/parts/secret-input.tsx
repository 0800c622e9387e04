/** Where a secret is typed: not shown, not remembered, not corrected. */
import type { RefObject } from "preact";
import type { Bound } from "./field.tsx";

interface SecretInputProps {
  readonly bound: Bound;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly value: string;
  readonly onType: (value: string) => void;
}

export function SecretInput({ bound, input, value, onType }: SecretInputProps) {
  return (
    <input
      {...bound}
      ref={input}
      class="c-field__input narrow"
      type="password"
      autocomplete="off"
      spellcheck={false}
      value={value}
      onInput={(event) => onType(event.currentTarget.value)}
    />
  );
}
