/** One of the account's ticket fields, by name. */
import { useTexts } from "../app-context.ts";
import { Field } from "../parts/field.tsx";
import type { Named } from "#install/account-names";

interface NamedIdProps {
  readonly label: string;
  readonly help: string;
  readonly problem: string | undefined;
  readonly choices: readonly Named[];
  readonly value: number | string | null;
  readonly onChange: (value: unknown) => void;
}

/** An id that Zendesk no longer knows stays visible. */
export function NamedId({ label, help, problem, choices, value, onChange }: NamedIdProps) {
  const { common, settings } = useTexts();
  const chosen = String(value ?? "");
  const isKnown = chosen === "" || choices.some(({ id }) => id === chosen);
  return (
    <Field label={label} help={help} problem={problem}>
      {(bound) => (
        <select
          {...bound}
          class="c-field__input c-field__input--select narrow"
          value={chosen}
          onChange={(event) => onChange(event.currentTarget.value || null)}
        >
          <option value="">{common.none}</option>
          {isKnown ? null : <option value={chosen}>{settings.gone(chosen)}</option>}
          {choices.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
