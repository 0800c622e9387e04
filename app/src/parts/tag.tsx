/** Garden's tag: a state in a word. The word says it, not the colour alone. */
import { useAppContext } from "../app-context.ts";

export type TagColor = "grey" | "blue" | "green" | "yellow" | "red";

export function Tag({ color, children }: { color: TagColor; children: string }) {
  const { scheme } = useAppContext();
  const dark = scheme === "dark" ? " c-tag--dark" : "";
  return (
    <span class={`c-tag c-tag--pill c-tag--${color}${dark}`}>
      <span>{children}</span>
    </span>
  );
}
