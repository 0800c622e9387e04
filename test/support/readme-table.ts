/** Reads a table of the README that stands between two markers. */
import { readFileSync } from "node:fs";

/** The rows between `<!-- name:begin -->` and `<!-- name:end -->`, cells trimmed, backticks removed. */
export function readmeTable(name: string): readonly (readonly string[])[] {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const [, after] = readme.split(`<!-- ${name}:begin -->`);
  const [section] = after?.split(`<!-- ${name}:end -->`) ?? [];
  if (section === undefined) throw new Error(`README.md has no table "${name}".`);
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
