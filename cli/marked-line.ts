/** A line with a sign: how steps, checks and facts are printed. */
import { visible } from "#zis/model/visible";
import type { Style } from "#zis/terminal/style";

export type Mark = "ok" | "warning" | "failed" | "waiting" | "planned";

const MARKS = {
  ok: ["✓", "green"],
  warning: ["!", "yellow"],
  failed: ["✗", "red"],
  waiting: ["…", "yellow"],
  planned: ["→", "cyan"],
} as const;

/** A line with a sign, a name and a text, and the remedy below it. The texts may come from outside. */
export function markedLine(
  style: Style,
  mark: Mark,
  name: string,
  text: string,
  remedy: string | null,
  width = 18,
): string {
  const [sign, colour] = MARKS[mark];
  const line = `${style(colour, sign)} ${style("bold", visible(name).padEnd(width))} ${visible(text)}`;
  return remedy === null ? line : `${line}\n    ${visible(remedy)}`;
}
