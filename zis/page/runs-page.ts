/** The page of all runs, and how they are filtered. */
import { html, type Html } from "./html.ts";
import type { Links } from "./links.ts";
import { emptyState, notice, runTable } from "./parts.ts";
import type { RunSummary } from "../services/runs.ts";

export interface RunsPageData {
  readonly runs: readonly RunSummary[];
  /** Names of flows that can be chosen. */
  readonly flows: readonly string[];
  readonly flow: string | undefined;
  readonly status: string | undefined;
  /** How many runs an event has just queued. */
  readonly queued: number | undefined;
  /** True when more runs are remembered than are shown. */
  readonly more: boolean;
}

const STATUSES = ["SUCCEEDED", "FAILED", "TIMED_OUT", "TRANSITIONS_EXCEEDED", "NOT_STARTED"];

/** The main part of the page. */
export function runsPage(data: RunsPageData, links: Links): Html {
  const { runs, flows, flow, status, queued, more } = data;
  const isFiltered = flow !== undefined || status !== undefined;
  return html`<h1>Runs</h1>
    ${queued !== undefined && firedNotice(queued)}
    <form class="filters" method="get" action="${links.runs()}">
      ${choice("flow", "Flow", "All flows", flows, flow)}
      ${choice("status", "Status", "Any status", STATUSES, status)}
      <button type="submit">Show</button>
      ${isFiltered && html`<a href="${links.runs()}">Show all</a>`}
    </form>
    <p id="news" role="status" class="news"></p>
    <div data-live>
      ${
        runs.length === 0
          ? emptyState(
              isFiltered ? "No run matches." : "Nothing has run yet.",
              html`<p>
                ${
                  isFiltered
                    ? html`<a href="${links.runs()}">Show all runs</a>, or fire`
                    : html`<a href="${links.fire()}">Fire an event</a>, or have your code post`
                }
                an event that starts a flow. Runs are kept until the local ZIS stops; what they came
                to stays in the <a href="${links.log}">log</a>.
              </p>`,
            )
          : runTable(runs, "Runs, newest first", links)
      }
      ${more && html`<p class="hint">Older runs are not shown: filter to find them.</p>`}
    </div>`;
}

function firedNotice(queued: number): Html {
  if (queued === 0)
    return notice("The event was accepted, but no installed job spec is for it.", "warn");
  return notice(
    queued === 1
      ? "The event started a flow: its run is below as soon as it has ended."
      : `The event started ${queued} flows: their runs are below as soon as they have ended.`,
  );
}

function choice(
  name: string,
  label: string,
  all: string,
  values: readonly string[],
  chosen: string | undefined,
): Html {
  const known = chosen === undefined || values.includes(chosen) ? values : [...values, chosen];
  return html`<label
    >${label}
    <select name="${name}">
      <option value="">${all}</option>
      ${known.map(
        (value) =>
          html`<option value="${value}" ${value === chosen && "selected"}>
            ${value.replaceAll("_", " ")}
          </option>`,
      )}
    </select></label
  >`;
}
