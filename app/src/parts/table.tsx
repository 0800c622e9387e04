/** Garden's table, which scrolls by itself where the page is narrow. */
import type { ComponentChildren } from "preact";

interface TableProps {
  readonly caption: string;
  readonly heads: readonly string[];
  readonly rows: readonly {
    readonly key: string;
    readonly cells: readonly ComponentChildren[];
    readonly failed?: boolean;
  }[];
}

export function Table({ caption, heads, rows }: TableProps) {
  return (
    // A part that scrolls must be reachable by the keyboard.
    <div class="scroll" role="group" aria-label={caption} tabIndex={0}>
      <table class="c-table">
        <caption class="c-table__caption visually-hidden">{caption}</caption>
        <thead>
          <tr class="c-table__row c-table__row--header">
            {heads.map((head) => (
              <th key={head} scope="col" class="c-table__row__cell">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells, failed }) => (
            <tr key={key} class={`c-table__row${failed ? " is-failed" : ""}`}>
              {cells.map((cell, index) => (
                <td key={heads[index]} class="c-table__row__cell">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
