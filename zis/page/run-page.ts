/** The page of one run: its end, its way through the picture, the data at each state, its requests, its log. */
import type { StepTrace } from "../engine/step-trace.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import type { RunRequest } from "../services/runs.ts";
import { html, type Html } from "./html.ts";
import type { Links } from "./links.ts";
import { logTable } from "./log-page.ts";
import { counted, emptyState, instant, jsonBlock, statusBadge, table } from "./parts.ts";
import { pictureFigure } from "./picture.ts";
import type { LogEntry } from "../services/log.ts";
import type { FlowView } from "./integrations.ts";
import type { RunDetails } from "../services/runs.ts";

export interface RunPageData {
  readonly run: RunDetails;
  /** The flow as it is now; undefined when it is gone. */
  readonly flow: FlowView["flow"] | undefined;
  readonly log: readonly LogEntry[];
  readonly withRetries: boolean;
}

/** The main part of the page. */
export function runPage({ run, flow, log, withRetries }: RunPageData, links: Links): Html {
  return html`<p class="trail">
      <a href="${links.runs()}">Runs</a> /
      <a href="${links.flow(run.integration, run.flow)}">${run.flow}</a>
    </p>
    <h1>Run of ${run.flow} ${statusBadge(run.status)}</h1>
    ${outcome(run)} ${facts(run)}
    <div class="actions">
      <form method="post" action="${links.replay(run.id)}">
        <button type="submit">Replay</button>
      </form>
      <a href="${links.fire({ run: run.id })}">Change the event and fire it</a>
    </div>
    <section aria-labelledby="way">
      <h2 id="way">The way through the flow</h2>
      ${way(run, flow, withRetries, links)}
    </section>
    <section aria-labelledby="states">
      <h2 id="states">State by state</h2>
      ${
        run.steps.length === 0
          ? emptyState("No state was left.", html`<p>${run.message}</p>`)
          : html`<ol class="steps">
              ${run.steps.map(stepItem)}
            </ol>`
      }
    </section>
    <section aria-labelledby="requests">
      <h2 id="requests">Requests</h2>
      ${requestTable(run.requests)}
    </section>
    <section aria-labelledby="event">
      <h2 id="event">Event and data</h2>
      ${disclosure("The event's input", run.input)}
      ${run.steps.length > 0 && disclosure("The data at the end", run.data)}
    </section>
    <section aria-labelledby="log">
      <h2 id="log">Log</h2>
      ${logTable(log, "What the integration log says about this run")}
    </section>`;
}

function outcome({ status, message, error, integration }: RunDetails): Html {
  if (error) return errorBox(error);
  if (status === "SUCCEEDED") return html`<p class="message">${message}</p>`;
  const connections = `/api/services/zis/integrations/${integration}/connections`;
  return html`<div class="notice warn">
    <p class="message">${message}</p>
    ${
      message.includes("connection named") &&
      html`<p>
        Make it over the connections API with the integration's ZIS token, such as
        <code>POST ${connections}/bearer_token</code>; then replay.
      </p>`
    }
  </div>`;
}

function errorBox({ state, name, cause }: NonNullable<RunDetails["error"]>): Html {
  return html`<div class="notice bad">
    <p><strong>${name}</strong> at the state <strong>${state}</strong></p>
    <p class="message">${cause}</p>
  </div>`;
}

function facts(run: RunDetails): Html {
  const fact = (term: string, value: Html | string): Html =>
    html`<div>
      <dt>${term}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<dl class="facts">
    ${fact("Event", `${run.event_source} ${run.event_type}`)} ${fact("Job spec", run.job_spec)}
    ${fact("Accepted", instant(run.accepted_at))}
    ${fact("Took", `${(run.virtual_ms / 1000).toFixed(3)} s of 100 s`)}
    ${fact("Transitions", `${run.transitions} of 250`)} ${fact("Attempts", String(run.attempts))}
  </dl>`;
}

function way(
  { id, steps }: RunDetails,
  flow: RunPageData["flow"],
  withRetries: boolean,
  links: Links,
): Html {
  if (!flow) {
    return emptyState(
      "The flow is gone.",
      html`<p>
        The bundle that was uploaded last no longer has it, so there is no picture of it.
      </p>`,
    );
  }
  const states = steps.map(({ state, iterations, next, error }): TakenState => ({
    state,
    iterations,
    next,
    ...(error && { error }),
  }));
  const toggle = links.run(id, withRetries ? {} : { retries: "all" });
  return pictureFigure({ flow, steps: states, withRetries }, toggle);
}

type TakenState = Pick<StepTrace, "state" | "iterations" | "next" | "error">;

function stepItem(step: StepTrace): Html {
  const { state, type, iterations, next, error, warnings } = step;
  const place = iterations.length > 0 && ` item ${iterations.map((at) => at + 1).join(", ")}`;
  return html`<li>
    <details>
      <summary>
        <strong>${state}</strong>
        <span class="hint">${type}${place}</span>
        ${error && statusBadge("error")}
        <span class="hint">${next === null ? "ends here" : html`then ${next}`}</span>
      </summary>
      ${error && html`<p class="message"><strong>${error.name}</strong>: ${error.cause}</p>`}
      ${warnings.map((warning) => html`<p class="message">Warning: ${warning}</p>`)}
      ${step.parameters !== undefined && labelled("Parameters", step.parameters)}
      ${step.result !== undefined && labelled("Result", step.result)} ${dataOf(step)}
    </details>
  </li>`;
}

function dataOf({ input, output }: StepTrace): Html {
  const changed = changedMembers(input, output);
  if (changed.length === 0) return labelled("Data, not changed", input);
  return html`<p>Changed: ${changed.join(", ")}</p>
    <div class="sides">${labelled("Data before", input)} ${labelled("Data after", output)}</div>`;
}

function labelled(label: string, value: Json): Html {
  return html`<div>
    <h3>${label}</h3>
    ${jsonBlock(value)}
  </div>`;
}

/** The members of the data that a state wrote, `$.name`; `$` when the data are not an object. */
function changedMembers(before: Json, after: Json): string[] {
  const isSame = (one: Json | undefined, other: Json | undefined) =>
    JSON.stringify(one) === JSON.stringify(other);
  if (isSame(before, after)) return [];
  if (!isJsonObject(before) || !isJsonObject(after)) return ["$"];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isSame(before[name], after[name])).map((name) => `$.${name}`);
}

function requestTable(requests: readonly RunRequest[]): Html {
  if (requests.length === 0) {
    return emptyState("No request was made.", html`<p>The flow called no action over HTTP.</p>`);
  }
  const caption = `${counted(requests.length, "request")}, in order, secrets masked`;
  const head = html`<th scope="col">Action</th>
    <th scope="col">Request</th>
    <th scope="col">Answer</th>
    <th scope="col" class="number">Took</th>`;
  return table(caption, head, requests.map(requestRow));
}

function requestRow(request: RunRequest): Html {
  const { action, method, url, status, problem, elapsedMs, headers, body } = request;
  const isGood = status !== null && status >= 200 && status < 300;
  return html`<tr>
    <th scope="row">${action.split(":").at(-1)}</th>
    <td>
      <details>
        <summary><code>${method} ${url}</code></summary>
        <h3>Headers</h3>
        ${jsonBlock({ ...headers })}
        <h3>Body</h3>
        ${body === null ? html`<p>None.</p>` : jsonBlock(bodyValue(body))}
      </details>
    </td>
    <td>
      <span class="badge ${isGood ? "good" : "bad"}">${status ?? "none"}</span>
      ${problem}
    </td>
    <td class="number">${Math.round(elapsedMs)} ms</td>
  </tr>`;
}

function bodyValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function disclosure(label: string, value: Json): Html {
  return html`<details>
    <summary>${label}</summary>
    ${jsonBlock(value)}
  </details>`;
}
