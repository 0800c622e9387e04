/** The form to fire an event, over HTTP. */
import type { FastifyInstance, FastifyReply } from "fastify";
import { parseResourceName, resourceName } from "../model/names.ts";
import { type Run, runDetails } from "../services/runs.ts";
import { chosenIn, type PageContext, type Query } from "./page-context.ts";
import { fieldsOf, type FireFields, readForm } from "./fire-form.ts";
import { firePage, type FirePageData } from "./fire-page.ts";
import { findFlow, type IntegrationView, type JobSpecView } from "./integrations.ts";
import { sampleInput } from "./samples.ts";

/** What the fields begin with, and the job spec that they are for. */
type Filled = Pick<FirePageData, "fields" | "chosen">;

/** Adds the pages under /fire. */
export function fireRoutes(app: FastifyInstance, context: PageContext): void {
  const { links } = context;

  function send(
    reply: FastifyReply,
    integrations: readonly IntegrationView[],
    page: Filled & Partial<FirePageData>,
  ): FastifyReply {
    const { problems = [], startedNothing = false } = page;
    const jobSpecs = integrations.flatMap((integration) => integration.jobSpecs);
    const isWrong = problems.length > 0;
    return context.send(
      reply,
      {
        title: isWrong ? "Error: Fire an event" : "Fire an event",
        section: "fire",
        isSectionItself: true,
        main: firePage({ ...page, jobSpecs, problems, startedNothing }, links),
      },
      isWrong ? 400 : 200,
    );
  }

  app.get<Query>("/fire", async (request, reply) => {
    const { job_spec, run: runId } = chosenIn(request.query);
    const integrations = context.integrations();
    const run = runId === undefined ? undefined : context.run(runId);
    const filled = run ? filledByRun(run) : filledBySample(job_spec, integrations, context);
    return send(reply, integrations, filled);
  });

  app.post("/fire", async (request, reply) => {
    const fields = fieldsOf((request.body ?? {}) as Record<string, unknown>);
    const read = readForm(fields);
    const queued = read.ok ? await context.fire(read.event) : 0;
    if (queued > 0) return reply.redirect(links.runs({ queued: String(queued) }), 303);
    return send(reply, context.integrations(), {
      fields,
      chosen: undefined,
      ...(read.ok ? { startedNothing: true } : { problems: read.problems }),
    });
  });
}

/** The event of a run, masked: what is shown on a page must not be a secret. */
function filledByRun(run: Run): Filled {
  const { event_source, event_type, input } = runDetails(run);
  return {
    fields: { event_source, event_type, input: pretty(input), copies: "1" },
    chosen: resourceName(run.integration, "job_spec", run.jobSpec),
  };
}

/** A sample for a job spec, for the first one when none of that name is there. */
function filledBySample(
  wanted: string | undefined,
  integrations: readonly IntegrationView[],
  { now, newId }: Pick<PageContext, "now" | "newId">,
): Filled {
  const jobSpecs = integrations.flatMap((integration) => integration.jobSpecs);
  const spec = jobSpecs.find((each) => fullNameOf(each) === wanted) ?? jobSpecs[0];
  if (!spec) return { fields: NO_SAMPLE, chosen: undefined };
  const { event_source, event_type, flow_name } = spec;
  const flow = parseResourceName(flow_name);
  const view = flow && findFlow(integrations, flow.integration, flow.name);
  const definitions = JSON.stringify(view?.flow.definition ?? {});
  const input = sampleInput({ event_source, event_type, now, newId, definitions });
  return {
    fields: { event_source, event_type, input: pretty(input), copies: "1" },
    chosen: fullNameOf(spec),
  };
}

const NO_SAMPLE: FireFields = { event_source: "support", event_type: "", input: "{}", copies: "1" };

function fullNameOf({ integration, name }: JobSpecView): string {
  return resourceName(integration, "job_spec", name);
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
