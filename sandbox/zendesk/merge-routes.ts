/** Merging tickets over the API, by a background job. */
import type { FastifyInstance } from "fastify";
import { isJsonObject, type Json, type JsonObject } from "#zis/model/json";
import { invalidAttribute } from "./errors.ts";
import { answerJob } from "./job-routes.ts";
import { findTicket, route, type RouteDeps } from "./route.ts";
import { mergeTickets } from "./ticket-merge.ts";

function readRemark(body: JsonObject, side: "source" | "target") {
  const text = body[`${side}_comment`];
  if (typeof text !== "string" || text === "") return undefined;
  return { body: text, public: body[`${side}_comment_is_public`] === true };
}

const isId = (value: Json) => Number.isSafeInteger(Number(value));

export function mergeRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { store, access, jobs } = deps;

  route(app, "POST", "/tickets/:id/merge", (request) => {
    const author = access.caller(request.headers, "write", "tickets");
    const target = findTicket(deps, request);
    const body: JsonObject = isJsonObject(request.body) ? request.body : {};
    const { ids } = body;
    if (!Array.isArray(ids) || ids.length === 0 || !ids.every(isId)) {
      throw invalidAttribute("ids: expected a list of ticket ids");
    }
    const merge = {
      targetId: target.id,
      sourceIds: ids.map(Number),
      onTarget: readRemark(body, "target"),
      onSource: readRemark(body, "source"),
    };
    const work = () => mergeTickets(store, merge, { author, channel: "api" });
    return answerJob(jobs.start("Ticket Merge", ids.length, work), request);
  });
}
