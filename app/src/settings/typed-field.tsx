/** A field whose text stands for a value: what is typed stays as typed, until the value comes from elsewhere. */
import { useEffect, useState } from "preact/hooks";
import { Field } from "../parts/field.tsx";

interface TypedFieldProps {
  readonly label: string;
  readonly help: string;
  readonly problem: string | undefined;
  readonly area?: boolean;
  readonly value: unknown;
  readonly write: (value: unknown) => string;
  readonly read: (text: string) => unknown;
  readonly onChange: (value: unknown) => void;
}

export function TypedField(props: TypedFieldProps) {
  const { label, help, problem, area, value, write, read, onChange } = props;
  const [text, setText] = useState(() => write(value));
  useEffect(() => {
    // Typing changes the value too, and its text is then the one shown here.
    if (JSON.stringify(read(text)) !== JSON.stringify(value)) setText(write(value));
  }, [value]);
  const onInput = (typed: string): void => {
    setText(typed);
    onChange(read(typed));
  };
  return (
    <Field label={label} help={help} problem={problem}>
      {(bound) =>
        area ? (
          <textarea
            {...bound}
            class="c-field__input c-field__input--area narrow"
            rows={3}
            dir="auto"
            spellcheck={false}
            value={text}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        ) : (
          <input
            {...bound}
            class="c-field__input narrow"
            type="text"
            dir="auto"
            spellcheck={false}
            value={text}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        )
      }
    </Field>
  );
}
