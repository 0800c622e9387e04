/** Reads a table of a document that stands between two markers. */
import { readFileSync } from "node:fs";

/** The rows between `<!-- name:begin -->` and `<!-- name:end -->`, cells trimmed, backticks removed. `path` begins at the root. */
export function documentTable(path: string, name: string): readonly (readonly string[])[] {
  const text = readDocument(path);
  const [, after] = text.split(`<!-- ${name}:begin -->`);
  const [section] = after?.split(`<!-- ${name}:end -->`) ?? [];
  if (section === undefined) throw new Error(`${path} has no table "${name}".`);
  return section
    .split("\n")
    .filter((line) => line.startsWith("|") && !line.startsWith("|--"))
    .slice(1)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
}

/** `path` begins at the root. */
export function readDocument(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}
