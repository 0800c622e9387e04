/** The first page: integrations with their bundles, flows and job specs, and the last runs. */
import { parseResourceName, resourceName } from "../model/names.ts";
import { html, type Html } from "./html.ts";
import type { Links } from "./links.ts";
import { counted, emptyState, runTable, table } from "./parts.ts";
import { type FlowView, flowsOf, type IntegrationView, type JobSpecView } from "./integrations.ts";
import type { RunSummary } from "../services/runs.ts";

export interface OverviewData {
  readonly integrations: readonly IntegrationView[];
  /** The last ones. */
  readonly runs: readonly RunSummary[];
}

/** The main part of the first page. */
export function overviewPage({ integrations, runs }: OverviewData, links: Links): Html {
  return html`<h1>Integrations</h1>
    ${
      integrations.length === 0
        ? emptyState(
            "No integration yet.",
            html`<p>
              Start again with <code>zis serve --bundle bundle.json</code>, or register an
              integration and upload a bundle over the registry API, as at Zendesk. The address and
              the API token stand in the terminal that <code>zis serve</code> runs in.
            </p>`,
          )
        : integrations.map((integration) => integrationSection(integration, links))
    }
    <section aria-labelledby="recent">
      <h2 id="recent">Last runs</h2>
      <p id="news" role="status" class="news"></p>
      <div data-live>
        ${
          runs.length === 0
            ? emptyState(
                "Nothing has run yet.",
                html`<p><a href="${links.fire()}">Fire an event</a> to start a flow.</p>`,
              )
            : html`${runTable(runs, "The last runs, newest first", links)}
                <p><a href="${links.runs()}">All runs</a></p>`
        }
      </div>
    </section>`;
}

function integrationSection(integration: IntegrationView, links: Links): Html {
  const { name, description, bundles } = integration;
  const flows = flowsOf([integration]);
  const id = `integration-${name}`;
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${name}</h2>
    ${description !== "" && html`<p>${description}</p>`}
    ${
      bundles.length === 0
        ? emptyState(
            "No bundle yet.",
            html`<p>Upload one: <code>POST /api/services/zis/registry/${name}/bundles</code>.</p>`,
          )
        : html`<p>
            ${counted(bundles.length, "bundle")}:
            ${bundles.map((bundle) => bundle.name).join(", ")}. ${counted(flows.length, "flow")}.
          </p>`
    }
    ${
      flows.length > 0 &&
      html`<h3>Flows</h3>
        <ul class="cards">
          ${flows.map((view) => flowCard(view, links))}
        </ul>`
    }
    ${jobSpecTable(integration, links)}
  </section>`;
}

/** The picture in a card is for a glance: the page of the flow has it readable and in words. */
function flowCard({ integration, flow }: FlowView, links: Links): Html {
  const states = Object.keys(flow.definition.States ?? {}).length;
  return html`<li class="card">
    <a href="${links.flow(integration, flow.name)}">${flow.name}</a>
    <span class="hint">${counted(states, "state")}</span>
    <span class="glance"
      ><img src="${links.picture(integration, flow.name)}" alt="" loading="lazy"
    /></span>
  </li>`;
}

function jobSpecTable({ name, jobSpecs, bundles }: IntegrationView, links: Links): Html {
  if (jobSpecs.length === 0) {
    if (bundles.length === 0) return html``;
    return emptyState(
      "No job spec.",
      html`<p>
        Without one no event starts a flow: add a <code>ZIS::JobSpec</code> to the bundle.
      </p>`,
    );
  }
  const head = html`<th scope="col">Job spec</th>
    <th scope="col">Event</th>
    <th scope="col">Flow</th>
    <th scope="col">State</th>
    <th scope="col">Try</th>`;
  const rows = jobSpecs.map((spec) => jobSpecRow(spec, links));
  return html`<h3>Job specs</h3>
    ${table(`Job specs of ${name}: which event starts which flow`, head, rows)}
    ${
      jobSpecs.some(({ installed }) => !installed) &&
      html`<p class="hint">
        An event starts only installed job specs; each upload of a bundle leaves its job specs to be
        installed again:
        <code>POST /api/services/zis/registry/job_specs/install?job_spec_name=NAME</code>.
      </p>`
    }`;
}

function jobSpecRow(spec: JobSpecView, links: Links): Html {
  const { integration, name, event_source, event_type, flow_name, installed } = spec;
  const flow = parseResourceName(flow_name);
  const job_spec = resourceName(integration, "job_spec", name);
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${event_source} ${event_type}</td>
    <td>
      ${
        flow
          ? html`<a href="${links.flow(flow.integration, flow.name)}">${flow.name}</a>`
          : flow_name
      }
    </td>
    <td>${installedState(installed)}</td>
    <td><a href="${links.fire({ job_spec })}" aria-label="Fire an event for ${name}">Fire</a></td>
  </tr>`;
}

function installedState(installed: boolean): Html {
  return installed
    ? html`<span class="badge good"><span aria-hidden="true">✓</span> installed</span>`
    : html`<span class="badge warn"><span aria-hidden="true">⊘</span> not installed</span>`;
}
