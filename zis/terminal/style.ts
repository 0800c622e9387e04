/** How words are coloured and laid out on a terminal. */
import { styleText } from "node:util";
import { visible } from "../model/visible.ts";

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

/** Every line of a text moved to the right. */
export function indented(text: string, spaces: number): string {
  return text.replaceAll(/^(?=.)/gm, " ".repeat(spaces));
}

/** A paragraph broken into lines of at most `columns` characters, each moved to the right. */
export function wrapped(text: string, spaces: number, columns: number): string {
  const width = Math.max(20, columns - spaces);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return `${indented([...lines, line].join("\n"), spaces)}\n`;
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
