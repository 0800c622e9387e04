/** The input of one setting, by its kind. */
import type { Settings } from "#contract/settings/settings";
import { useTexts } from "../app-context.ts";
import { Check, Group } from "../parts/field.tsx";
import { readList, readNumber, readText } from "./draft.ts";
import type { SettingField } from "./fields.ts";
import { NamedId } from "./named-id.tsx";
import { NamedIds } from "./named-ids.tsx";
import { namesOf, type Names } from "#install/account-names";
import { OrderInput } from "./order-input.tsx";
import { TypedField } from "./typed-field.tsx";
import { labelOf } from "./value-text.ts";

interface SettingInputProps {
  readonly field: SettingField;
  readonly settings: Settings;
  readonly names: Names;
  readonly problem: string | undefined;
  readonly onChange: (value: unknown) => void;
}

export function SettingInput({ field, settings, names, problem, onChange }: SettingInputProps) {
  const texts = useTexts();
  const { kind, name, description } = field;
  const choices = namesOf(names, name);
  const value: unknown = settings[name];
  const help = texts.settings.help[name] ?? description;
  const shared = { label: labelOf(texts, name), help, problem, onChange };
  if (kind.kind === "switch") return <Check {...shared} checked={value === true} />;
  if (kind.kind === "choice") {
    return (
      <Group {...shared}>
        {kind.options.map((option) => (
          <Check
            key={option}
            type="radio"
            name={name}
            label={texts.settings.choice[option] ?? option}
            checked={value === option}
            onChange={() => onChange(option)}
          />
        ))}
      </Group>
    );
  }
  if (kind.kind === "order") {
    return <OrderInput {...shared} options={kind.options} value={value as readonly string[]} />;
  }
  if (kind.kind === "texts") {
    return (
      <TypedField
        {...shared}
        area
        value={value}
        write={(list) => (list as readonly string[]).join("\n")}
        read={(text) => readList(text, "line")}
      />
    );
  }
  if (kind.kind === "ids") {
    const ids = value as readonly (number | string)[];
    if (choices) return <NamedIds {...shared} choices={choices} value={ids} />;
    return (
      <TypedField
        {...shared}
        help={`${help} ${texts.settings.idHint}`}
        value={value}
        write={(list) => (list as readonly (number | string)[]).join(", ")}
        read={(text) => readList(text, "id")}
      />
    );
  }
  if (kind.kind === "number") {
    return (
      <TypedField
        {...shared}
        value={value}
        write={(one) => String(one)}
        read={(text) => readNumber(text)}
      />
    );
  }
  if (kind.kind === "id" && choices) {
    return <NamedId {...shared} choices={choices} value={value as number | string | null} />;
  }
  return (
    <TypedField
      {...shared}
      help={kind.nullable ? `${help} ${texts.settings.optional}` : help}
      value={value}
      write={(one) => String((one as number | string | null) ?? "")}
      read={(text) => readText(text, kind.nullable)}
    />
  );
}
