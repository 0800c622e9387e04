/** Garden's button. */
import type { ComponentChildren } from "preact";
import { useAppContext } from "../app-context.ts";

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  readonly look?: "default" | "primary" | "basic";
  readonly danger?: boolean;
  readonly small?: boolean;
  readonly disabled?: boolean;
  /** Shows that its work is going on; it stays reachable, but does nothing. */
  readonly busy?: boolean;
  readonly type?: "button" | "submit";
  /** Says more than its text, for those who do not see what is around it. */
  readonly label?: string;
}

export function Button(props: ButtonProps) {
  const { children, onClick, look = "default", danger, small, disabled, busy, label } = props;
  const { scheme } = useAppContext();
  const classes = [
    "c-btn",
    ...(look === "default" ? [] : [`c-btn--${look}`]),
    ...(danger ? ["c-btn--danger"] : []),
    ...(small ? ["c-btn--sm"] : []),
    ...(scheme === "dark" ? ["c-btn--dark"] : []),
  ];
  return (
    <button
      type={props.type ?? "button"}
      class={classes.join(" ")}
      disabled={disabled ?? false}
      aria-disabled={busy ?? false}
      aria-busy={busy ?? false}
      aria-label={label}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : null}
      {children}
    </button>
  );
}
