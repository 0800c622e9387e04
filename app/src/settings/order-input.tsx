/** Ways in an order: those in use first, each with arrows; the others below, to be switched on. */
import { useAppContext } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Check, Group } from "../parts/field.tsx";
import { moveItem } from "./draft.ts";

interface OrderInputProps {
  readonly label: string;
  readonly help: string;
  readonly problem: string | undefined;
  readonly options: readonly string[];
  readonly value: readonly string[];
  readonly onChange: (value: unknown) => void;
}

export function OrderInput({ label, help, problem, options, value, onChange }: OrderInputProps) {
  const { language, announce } = useAppContext();
  const { settings } = language.texts;
  const unused = options.filter((option) => !value.includes(option));
  const nameOf = (option: string): string => settings.choice[option] ?? option;
  const move = (from: number, to: number): void => {
    const moved = moveItem(value, from, to);
    onChange(moved);
    announce(moved.map((option, index) => `${index + 1}. ${nameOf(option)}`).join(", "));
  };
  return (
    <Group label={label} help={help} problem={problem}>
      <ol class="order">
        {[...value, ...unused].map((option) => {
          const at = value.indexOf(option);
          const isUsed = at >= 0;
          return (
            <li key={option}>
              <span class="order__place" aria-hidden="true">
                {isUsed ? at + 1 : "–"}
              </span>
              <Check
                label={nameOf(option)}
                checked={isUsed}
                onChange={(use) =>
                  onChange(use ? [...value, option] : value.filter((other) => other !== option))
                }
              />
              <span class="grow" />
              <Button
                small
                look="basic"
                disabled={at <= 0}
                label={settings.moveUp(nameOf(option))}
                onClick={() => move(at, at - 1)}
              >
                ↑
              </Button>
              <Button
                small
                look="basic"
                disabled={!isUsed || at === value.length - 1}
                label={settings.moveDown(nameOf(option))}
                onClick={() => move(at, at + 1)}
              >
                ↓
              </Button>
            </li>
          );
        })}
      </ol>
    </Group>
  );
}
