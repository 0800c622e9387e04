/** How settings are printed: what is wrong, what differs, and what was saved. */
import type { FieldProblem } from "#install/settings-check";
import type { FieldChange } from "#install/settings-edit";
import { visible } from "#zis/model/visible";
import type { Style } from "#zis/terminal/style";

export function problemLines(problems: readonly FieldProblem[]): string {
  return problems
    .map(({ field, message }) => visible(`${field === "" ? "the document" : field}: ${message}\n`))
    .join("");
}

/** Warnings: these are saved all the same, but worth a look. */
export function warningLines(
  problems: readonly FieldProblem[],
  { enabled }: { readonly enabled: boolean },
): string {
  const off = enabled ? "" : "! enabled: CaseQA is switched off: every flow ends at once.\n";
  return off + problems.map(({ field, message }) => visible(`! ${field}: ${message}\n`)).join("");
}

export function changeLines(changes: readonly FieldChange[], style: Style): string {
  return changes
    .map(({ field, before, after }) => {
      const old = style("red", visible(JSON.stringify(before)));
      return `${style("bold", field)}: ${old} → ${style("green", visible(JSON.stringify(after)))}\n`;
    })
    .join("");
}
