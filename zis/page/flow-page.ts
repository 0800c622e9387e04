/** The page of one flow: its picture, what starts it, its last runs. */
import { connectionsUsed } from "../engine/connections.ts";
import { resourceName } from "../model/names.ts";
import { html, type Html } from "./html.ts";
import type { Links } from "./links.ts";
import { counted, emptyState, runTable } from "./parts.ts";
import { pictureFigure } from "./picture.ts";
import type { FlowView, JobSpecView } from "./integrations.ts";
import type { RunSummary } from "../services/runs.ts";

export interface FlowPageData extends FlowView {
  /** The job specs of its integration. */
  readonly jobSpecs: readonly JobSpecView[];
  /** Its last runs. */
  readonly runs: readonly RunSummary[];
  readonly withRetries: boolean;
}

/** The main part of the page. */
export function flowPage(data: FlowPageData, links: Links): Html {
  const { integration, flow, bundle, jobSpecs, runs, withRetries } = data;
  const fullName = resourceName(integration, "flow", flow.name);
  const starters = jobSpecs.filter(({ flow_name }) => flow_name === fullName);
  const connections = connectionsUsed(bundle, flow.name);
  const toggle = links.flow(integration, flow.name, withRetries ? {} : { retries: "all" });
  return html`<p class="trail"><a href="${links.overview}">${integration}</a> / ${bundle.name}</p>
    <h1>${flow.name}</h1>
    <ul class="facts">
      <li>${counted(Object.keys(flow.definition.States).length, "state")}</li>
      <li>
        ${
          connections.length === 0
            ? "Needs no connection"
            : html`Needs ${counted(connections.length, "connection")}: ${connections.join(", ")}`
        }
      </li>
      ${starters.map(
        ({ name, event_source, event_type, installed }) =>
          html`<li>
            Started by
            <a href="${links.fire({ job_spec: resourceName(integration, "job_spec", name) })}"
              >${event_source} ${event_type}</a
            >${!installed && " (its job spec is not installed)"}
          </li>`,
      )}
      ${starters.length === 0 && html`<li>No job spec starts it</li>`}
    </ul>
    <section aria-labelledby="picture">
      <h2 id="picture">Picture</h2>
      ${pictureFigure({ flow, withRetries }, toggle)}
      <p><a href="${links.picture(integration, flow.name)}">The picture alone, as SVG</a></p>
    </section>
    <section aria-labelledby="runs">
      <h2 id="runs">Last runs of this flow</h2>
      <p id="news" role="status" class="news"></p>
      <div data-live>
        ${
          runs.length === 0
            ? emptyState(
                "It has not run yet.",
                html`<p>${firstStep(integration, starters[0], links)}</p>`,
              )
            : html`${runTable(runs, `Last runs of ${flow.name}, newest first`, links)}
                <p><a href="${links.runs({ flow: flow.name })}">All runs of this flow</a></p>`
        }
      </div>
    </section>`;
}

function firstStep(integration: string, starter: JobSpecView | undefined, links: Links): Html {
  if (!starter) return html`Add a job spec that names it to the bundle: only events start flows.`;
  const job_spec = resourceName(integration, "job_spec", starter.name);
  return html`<a href="${links.fire({ job_spec })}">Fire ${starter.event_type}</a> to start it.`;
}
