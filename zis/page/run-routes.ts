/** The pages of runs: the list, one run, its replay. */
import type { FastifyInstance } from "fastify";
import { chosenIn, type PageContext, type Query } from "./page-context.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import { runDetails } from "../services/runs.ts";
import { html } from "./html.ts";
import { findFlow, flowsOf } from "./integrations.ts";
import { runPage } from "./run-page.ts";
import { runsPage } from "./runs-page.ts";

interface OfRun extends Query {
  Params: { id: string };
}

const MOST_RUNS = 200;

const RUN_IS_GONE = html`There is no such run: the last 2,000 are kept until the local ZIS stops.
The log remembers what came of them.`;

/** Adds the pages under /runs. */
export function runRoutes(app: FastifyInstance, context: PageContext): void {
  const { links } = context;

  app.get<Query>("/runs", async (request, reply) => {
    const { flow, status, queued } = chosenIn(request.query);
    const runs = context.runs(MOST_RUNS + 1, flow, status);
    const names = flowsOf(context.integrations()).map((view) => view.flow.name);
    const data = {
      runs: runs.slice(0, MOST_RUNS),
      flows: [...new Set(names)].sort(),
      flow,
      status,
      queued: queued === undefined ? undefined : Number(queued),
      more: runs.length > MOST_RUNS,
    };
    const main = runsPage(data, links);
    return context.send(reply, {
      title: "Runs",
      section: "runs",
      isSectionItself: true,
      main,
      live: true,
    });
  });

  app.get<OfRun>("/runs/:id", async (request, reply) => {
    const run = context.run(request.params.id);
    if (!run) return context.sendMissing(reply, "runs", RUN_IS_GONE);
    const view = findFlow(context.integrations(), run.integration, run.flow);
    const data = {
      run: runDetails(run),
      flow: view?.flow,
      log: context.log(Number.MAX_SAFE_INTEGER).filter(({ details }) => isOfRun(details, run.id)),
      withRetries: request.query["retries"] === "all",
    };
    const title = `${run.flow} ${run.status}`;
    return context.send(reply, { title, section: "runs", main: runPage(data, links) });
  });

  app.post<OfRun>("/runs/:id/replay", async (request, reply) => {
    const run = context.run(request.params.id);
    if (!run) return context.sendMissing(reply, "runs", RUN_IS_GONE);
    const { event_source, event_type, input } = run;
    const queued = await context.fire({ event_source, event_type, input });
    return reply.redirect(links.runs({ queued: String(queued) }), 303);
  });
}

function isOfRun(details: Json, id: string): boolean {
  return isJsonObject(details) && details["run"] === id;
}
