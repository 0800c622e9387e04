/** Garden's table. Where the page is narrow, each row is a block of its own, and each cell says what it is. */
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
      {/* The roles stay when the narrow page lays the parts out as blocks. */}
      <table class="c-table" role="table">
        <caption class="c-table__caption visually-hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row" class="c-table__row c-table__row--header">
            {heads.map((head) => (
              <th key={head} role="columnheader" scope="col" class="c-table__row__cell">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(({ key, cells, failed }) => (
            <tr key={key} role="row" class={`c-table__row${failed ? " is-failed" : ""}`}>
              {cells.map((cell, index) => (
                <td
                  key={heads[index]}
                  role="cell"
                  class="c-table__row__cell"
                  data-head={heads[index]}
                >
                  {/* One part, beside its head where the page is narrow. */}
                  <div>{cell}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
