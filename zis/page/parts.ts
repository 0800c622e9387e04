/** Pieces that several pages are made of. */
import type { Json } from "../model/json.ts";
import { html, type Html } from "./html.ts";
import type { Links } from "./links.ts";
import type { RunSummary } from "../services/runs.ts";

const GLYPHS: Readonly<Record<string, string>> = {
  SUCCEEDED: "\u2713",
  FAILED: "\u2715",
  TIMED_OUT: "\u29D7",
  TRANSITIONS_EXCEEDED: "\u21BB",
  NOT_STARTED: "\u2298",
  info: "\u2139",
  warning: "\u26A0",
  error: "\u2715",
};

const TONES: Readonly<Record<string, string>> = {
  SUCCEEDED: "good",
  NOT_STARTED: "warn",
  TIMED_OUT: "warn",
  TRANSITIONS_EXCEEDED: "warn",
  FAILED: "bad",
  warning: "warn",
  error: "bad",
};

/** A status in words; the colour and the sign only repeat it. */
export function statusBadge(status: string): Html {
  return html`<span class="badge ${TONES[status] ?? "calm"}"
    ><span aria-hidden="true">${GLYPHS[status] ?? "\u00B7"}</span>
    ${status.replaceAll("_", " ")}</span
  >`;
}

/** An instant, in UTC, to the second. */
export function instant(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`;
}

/** Longest JSON that is shown, in characters; the rest is left out. */
const MOST_JSON = 50_000;

/** JSON on several lines. */
export function jsonBlock(value: Json | undefined): Html {
  const text = JSON.stringify(value ?? null, null, 2);
  const cut = text.length > MOST_JSON;
  const shown = cut ? text.slice(0, MOST_JSON) : text;
  return html`<pre><code>${shown}</code></pre>
    ${cut && html`<p class="hint">${text.length - MOST_JSON} more characters are not shown.</p>`}`;
}

/** What a list says when there is nothing in it. */
export function emptyState(title: string, body: Html): Html {
  return html`<div class="empty">
    <p><strong>${title}</strong></p>
    ${body}
  </div>`;
}

/** Something that has just happened. */
export function notice(text: Html | string, tone: "good" | "warn" = "good"): Html {
  return html`<p class="notice ${tone}" role="status">${text}</p>`;
}

/** A table in a box that scrolls where the screen is narrower. */
export function table(caption: string, head: Html, rows: readonly Html[]): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** A table of runs, newest first. */
export function runTable(runs: readonly RunSummary[], caption: string, links: Links): Html {
  const head = html`<th scope="col">Run</th>
    <th scope="col">Status</th>
    <th scope="col">What came of it</th>
    <th scope="col">Event</th>
    <th scope="col" class="number">States</th>`;
  const rows = runs.map(
    (run) =>
      html`<tr>
        <th scope="row">
          <a id="run-${run.id}" href="${links.run(run.id)}">${run.flow}</a>
          <span class="hint">${instant(run.ended_at)}</span>
        </th>
        <td>${statusBadge(run.status)}</td>
        <td class="message">${run.message}</td>
        <td>${run.event_source} ${run.event_type}</td>
        <td class="number">${run.transitions}</td>
      </tr>`,
  );
  return table(caption, head, rows);
}

/** `1 flow`, `2 flows`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
