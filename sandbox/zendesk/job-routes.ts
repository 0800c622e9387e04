/** Reading the states of background jobs: one, many, the latest. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { invalidAttribute, recordNotFound } from "./errors.ts";
import type { Job } from "./jobs.ts";
import { parameter } from "./paging.ts";
import { baseUrlOf, queryOf, route, type RouteDeps } from "./route.ts";

function presentJob(job: Job, request: FastifyRequest): object {
  return { ...job, url: `${baseUrlOf(request)}/api/v2/job_statuses/${job.id}.json` };
}

/** The answer to a request that queued a job. */
export function answerJob(job: Job, request: FastifyRequest): object {
  return { job_status: presentJob(job, request) };
}

const MOST_IDS = 100;

export function jobRoutes(app: FastifyInstance, { access, jobs }: RouteDeps): void {
  route(app, "GET", "/job_statuses/show_many", (request) => {
    access.caller(request.headers, "read", "tickets");
    const ids = (parameter(queryOf(request), "ids") ?? "").split(",").filter(Boolean);
    if (ids.length === 0 || ids.length > MOST_IDS) {
      throw invalidAttribute(`ids: expected 1 to ${MOST_IDS} comma-separated ids`);
    }
    const found = ids.map((id) => jobs.get(id)).filter((job): job is Job => job !== undefined);
    return { job_statuses: found.map((job) => presentJob(job, request)) };
  });

  // A hundred at most are kept, so one page holds them all.
  route(app, "GET", "/job_statuses", (request) => {
    access.caller(request.headers, "read", "tickets");
    return {
      job_statuses: jobs.list().map((job) => presentJob(job, request)),
      meta: { has_more: false, after_cursor: null, before_cursor: null },
      links: { next: null, prev: null },
    };
  });

  route(app, "GET", "/job_statuses/:id", (request) => {
    access.caller(request.headers, "read", "tickets");
    const { id } = request.params as { readonly id: string };
    const job = jobs.get(id.replace(/\.json$/, ""));
    if (!job) throw recordNotFound();
    return answerJob(job, request);
  });
}
