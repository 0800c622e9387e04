/** The field for the connection's server token: open until there is a connection, then collapsed. */
import type { RefObject } from "preact";
import { useTexts } from "../app-context.ts";
import { Field } from "../parts/field.tsx";
import { SecretInput } from "../parts/secret-input.tsx";

interface TokenFieldProps {
  /** There is no connection yet. */
  readonly isNeeded: boolean;
  /** Somebody tried without it. */
  readonly isWanted: boolean;
  readonly token: string;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onType: (token: string) => void;
}

export function TokenField({ isNeeded, isWanted, token, input, onType }: TokenFieldProps) {
  const { token: texts } = useTexts().install;
  const problem = isNeeded && isWanted && token.trim() === "" ? texts.wanted : undefined;
  const field = (
    <Field label={texts.label} help={texts.help} problem={problem}>
      {(bound) => <SecretInput bound={bound} input={input} value={token} onType={onType} />}
    </Field>
  );
  if (isNeeded) return field;
  return (
    <details>
      <summary>{texts.replace}</summary>
      {field}
    </details>
  );
}
