/** Garden's fields: label, help, input and what is wrong with it, bound together. */
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { useAppContext } from "../app-context.ts";

interface FieldProps {
  readonly label: ComponentChildren;
  readonly help?: string | undefined;
  readonly problem?: string | undefined;
}

export interface Bound {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean;
}

function useField(problem: string | undefined): { readonly classes: string; readonly id: string } {
  const { scheme } = useAppContext();
  const classes = [
    "c-field",
    ...(scheme === "dark" ? ["c-field--dark"] : []),
    ...(problem === undefined ? [] : ["c-field--error"]),
  ];
  return { classes: classes.join(" "), id: useId() };
}

/** A label above an input. */
export function Field(props: FieldProps & { readonly children: (bound: Bound) => JSX.Element }) {
  const { label, help, problem, children } = props;
  const { classes, id } = useField(problem);
  const described = describedBy(id, help, problem);
  return (
    <div class={classes}>
      <label class="c-field__label" for={id}>
        {label}
      </label>
      <Hint id={id} help={help} />
      {children({ id, "aria-describedby": described, "aria-invalid": problem !== undefined })}
      <Problem id={id} problem={problem} />
    </div>
  );
}

/** Several inputs under one legend. */
export function Group(props: FieldProps & { readonly children: ComponentChildren }) {
  const { label, help, problem, children } = props;
  const { classes, id } = useField(problem);
  return (
    <fieldset class={classes} aria-describedby={describedBy(id, help, problem)}>
      <legend class="c-field__label">{label}</legend>
      <Hint id={id} help={help} />
      <div class="group">{children}</div>
      <Problem id={id} problem={problem} />
    </fieldset>
  );
}

interface CheckProps extends FieldProps {
  readonly type?: "checkbox" | "radio";
  readonly name?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** A box to tick, or a radio button. */
export function Check(props: CheckProps) {
  const { label, help, problem, type = "checkbox", name, checked, onChange } = props;
  const { classes, id } = useField(problem);
  return (
    <div class={`${classes} check`}>
      <input
        id={id}
        class={`c-field__${type}`}
        type={type}
        name={name}
        checked={checked}
        aria-describedby={describedBy(id, help, problem)}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label class="c-field__label" for={id}>
        {label}
      </label>
      <Hint id={id} help={help} />
      <Problem id={id} problem={problem} />
    </div>
  );
}

function describedBy(id: string, help?: string, problem?: string): string | undefined {
  const ids = [
    ...(help === undefined ? [] : [`${id}-help`]),
    ...(problem === undefined ? [] : [`${id}-problem`]),
  ];
  return ids.length === 0 ? undefined : ids.join(" ");
}

function Hint({ id, help }: { id: string; help: string | undefined }) {
  return help === undefined ? null : (
    <p class="c-field__hint" id={`${id}-help`}>
      {help}
    </p>
  );
}

function Problem({ id, problem }: { id: string; problem: string | undefined }) {
  return problem === undefined ? null : (
    <p class="c-field__message" id={`${id}-problem`}>
      {problem}
    </p>
  );
}
