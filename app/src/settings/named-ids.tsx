/** Several of the account's brands, groups or forms, by name. */
import { useState } from "preact/hooks";
import { useTexts } from "../app-context.ts";
import { Check, Group } from "../parts/field.tsx";
import { toggleId } from "./draft.ts";
import type { Named } from "#install/account-names";

interface NamedIdsProps {
  readonly label: string;
  readonly help: string;
  readonly problem: string | undefined;
  readonly choices: readonly Named[];
  readonly value: readonly (number | string)[];
  readonly onChange: (value: unknown) => void;
}

/** From this many entries on, a filter helps. */
const MANY = 8;

export function NamedIds({ label, help, problem, choices, value, onChange }: NamedIdsProps) {
  const { settings } = useTexts();
  const [filter, setFilter] = useState("");
  const chosen = new Set(value.map(String));
  const known = new Set(choices.map(({ id }) => id));
  const gone = [...chosen].filter((id) => !known.has(id));
  const all = [...choices, ...gone.map((id) => ({ id, name: settings.gone(id) }))];
  const shown = all.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()));
  return (
    <Group
      label={
        <>
          {label} <span class="quiet">({settings.chosen(chosen.size)})</span>
        </>
      }
      help={help}
      problem={problem}
    >
      {all.length > MANY ? (
        <input
          class="c-field__input narrow"
          type="search"
          placeholder={settings.search}
          aria-label={`${settings.search}: ${label}`}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      ) : null}
      <div class="choices">
        {shown.map(({ id, name }) => (
          <Check
            key={id}
            label={<bdi>{name}</bdi>}
            checked={chosen.has(id)}
            onChange={(isIn) => onChange(toggleId(value, id, isIn))}
          />
        ))}
      </div>
    </Group>
  );
}
