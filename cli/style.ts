/** How words are coloured and laid out on a terminal. */
import { styleText } from "node:util";
import { visible } from "#zis/model/visible";

type Format = Parameters<typeof styleText>[0];

export type Style = (format: Format, text: string) => string;

/** Colours texts, or leaves them as they are. */
export function createStyle(colour: boolean): Style {
  return colour
    ? (format, text) => styleText(format, text, { validateStream: false })
    : (_format, text) => text;
}

/** `1 error`, `2 errors`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

export type Mark = "ok" | "warning" | "failed" | "waiting" | "planned";

const MARKS = {
  ok: ["✓", "green"],
  warning: ["!", "yellow"],
  failed: ["✗", "red"],
  waiting: ["…", "yellow"],
  planned: ["→", "cyan"],
} as const;

/** A line with a sign, a name and what there is to say, and the remedy below it; their texts may come from elsewhere. */
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

/** Columns as wide as their widest cell, two spaces between them. */
export function table(texts: readonly (readonly string[])[]): string {
  const rows = texts.map((row) => row.map(visible));
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}
