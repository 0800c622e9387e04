/** The page of the integration log. */
import { html, type Html } from "./html.ts";
import type { Links } from "./links.ts";
import { emptyState, instant, jsonBlock, statusBadge, table } from "./parts.ts";
import type { LogEntry } from "../services/log.ts";

/** The main part of the page. */
export function logPage(entries: readonly LogEntry[], links: Links): Html {
  return html`<h1>Log</h1>
    <p>What an administrator would find in Zendesk's integration log: the last seven days.</p>
    <p id="news" role="status" class="news"></p>
    <div data-live>
      ${
        entries.length === 0
          ? emptyState(
              "The log is empty.",
              html`<p>It fills as flows run: <a href="${links.fire()}">fire an event</a>.</p>`,
            )
          : logTable(entries, "The log, newest first")
      }
    </div>`;
}

/** Lines of the log as a table. */
export function logTable(entries: readonly LogEntry[], caption: string): Html {
  if (entries.length === 0) return html`<p class="hint">Nothing.</p>`;
  const head = html`<th scope="col">Status</th>
    <th scope="col">What happened</th>`;
  const rows = entries.map(
    ({ time, status, product, description, details }) =>
      html`<tr>
        <td>${statusBadge(status)}</td>
        <td>
          <details>
            <summary class="message">${description}</summary>
            ${jsonBlock(details)}
          </details>
          <p class="hint">${instant(time)}, ${product}</p>
        </td>
      </tr>`,
  );
  return table(caption, head, rows);
}
