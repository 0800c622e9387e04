/** The page with the form to fire an event. */
import { resourceName } from "../model/names.ts";
import type { FieldProblem, FireFields } from "./fire-form.ts";
import { html, type Html } from "./html.ts";
import type { Links } from "./links.ts";
import { emptyState, notice } from "./parts.ts";
import type { JobSpecView } from "./integrations.ts";

export interface FirePageData {
  /** Of all integrations. */
  readonly jobSpecs: readonly JobSpecView[];
  /** Full name of the job spec that the fields are a sample for. */
  readonly chosen: string | undefined;
  readonly fields: FireFields;
  readonly problems: readonly FieldProblem[];
  /** True when the event that the fields hold has just started nothing. */
  readonly startedNothing: boolean;
}

/** The main part of the page. */
export function firePage(data: FirePageData, links: Links): Html {
  const { jobSpecs, chosen, fields, problems, startedNothing } = data;
  return html`<h1>Fire an event</h1>
    ${problems.length > 0 && problemSummary(problems)}
    ${
      startedNothing &&
      notice(
        `The event ${fields.event_source} ${fields.event_type} was accepted, but no installed job spec is for it: no flow has started.`,
        "warn",
      )
    }
    ${
      jobSpecs.length === 0
        ? emptyState(
            "No job spec, so no event starts anything.",
            html`<p>
              Upload a bundle with a <code>ZIS::JobSpec</code>:
              <code>zis serve --bundle bundle.json</code>.
            </p>`,
          )
        : sampleForm(jobSpecs, chosen, links)
    }
    <form class="event" method="post" action="${links.fire()}" novalidate>
      <div class="pair">
        ${textField("event_source", "Event source", fields, problems)}
        ${textField("event_type", "Event type", fields, problems)}
      </div>
      <label for="input">Input, as JSON</label>
      <p class="hint" id="input-hint">What the flow sees as <code>$.input</code>.</p>
      <textarea
        id="input"
        name="input"
        rows="18"
        spellcheck="false"
        aria-describedby="input-hint${problemOf("input", problems) && " input-problem"}"
        ${problemOf("input", problems) && html`aria-invalid="true"`}
      >
${fields.input}</textarea>
      ${problemText("input", problems)}
      ${textField("copies", "Copies", fields, problems, "ZIS delivers at least once: more than one shows what your flow makes of that.")}
      <button type="submit">Fire</button>
    </form>`;
}

function sampleForm(
  jobSpecs: readonly JobSpecView[],
  chosen: string | undefined,
  links: Links,
): Html {
  return html`<form class="filters" method="get" action="${links.fire()}">
    <label
      >Start from a job spec
      <select name="job_spec">
        ${jobSpecs.map((spec) => {
          const fullName = resourceName(spec.integration, "job_spec", spec.name);
          return html`<option value="${fullName}" ${fullName === chosen && "selected"}>
            ${spec.event_source} ${spec.event_type} -
            ${spec.name}${!spec.installed && " (not installed)"}
          </option>`;
        })}
      </select></label
    >
    <button type="submit">Fill in its sample</button>
  </form>`;
}

const LABELS: Readonly<Record<keyof FireFields, string>> = {
  event_source: "Event source",
  event_type: "Event type",
  input: "Input",
  copies: "Copies",
};

function problemSummary(problems: readonly FieldProblem[]): Html {
  return html`<div class="notice bad" role="alert">
    <p><strong>The event was not fired.</strong></p>
    <ul>
      ${problems.map(
        ({ field, message }) => html`<li><a href="#${field}">${LABELS[field]}</a>: ${message}</li>`,
      )}
    </ul>
  </div>`;
}

function problemOf(field: keyof FireFields, problems: readonly FieldProblem[]): string | undefined {
  return problems.find((problem) => problem.field === field)?.message;
}

function problemText(field: keyof FireFields, problems: readonly FieldProblem[]): Html | undefined {
  const message = problemOf(field, problems);
  return message === undefined
    ? undefined
    : html`<p class="problem" id="${field}-problem">${message}</p>`;
}

function textField(
  name: "event_source" | "event_type" | "copies",
  label: string,
  fields: FireFields,
  problems: readonly FieldProblem[],
  hint?: string,
): Html {
  const isWrong = problemOf(name, problems) !== undefined;
  const described = [hint !== undefined && `${name}-hint`, isWrong && `${name}-problem`]
    .filter((id) => id !== false)
    .join(" ");
  return html`<div>
    <label for="${name}">${label}</label>
    ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    <input
      id="${name}"
      name="${name}"
      value="${fields[name]}"
      autocomplete="off"
      ${name === "copies" && html`inputmode="numeric" class="short"`}
      ${described !== "" && html`aria-describedby="${described}"`}
      ${isWrong && html`aria-invalid="true"`}
    />
    ${problemText(name, problems)}
  </div>`;
}
