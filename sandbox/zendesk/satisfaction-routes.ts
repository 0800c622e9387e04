/** Reading ratings and survey responses. Only customers give them, so no agent may write one. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { toSecondPrecision, toUnixSeconds } from "../clock.ts";
import { invalidEndpoint, notAllowed, recordNotFound } from "./errors.ts";
import { pageThrough, parameter } from "./paging.ts";
import {
  pageById,
  baseUrlOf,
  findTicket,
  listUrlOf,
  queryOf,
  readId,
  route,
  type RouteDeps,
} from "./route.ts";
import type { RatingRecord, Satisfaction, SurveyRecord } from "./satisfaction.ts";

/** What `score` may ask for; the names with and without a comment narrow a score. */
function isOfScore({ score, comment }: RatingRecord, wanted: string): boolean {
  const [, base, suffix] = /^(.*?)(?:_(with|without)_comment)?$/.exec(wanted) ?? [];
  const isBase = base === "received" ? score !== "offered" : score === base;
  return isBase && (suffix === undefined || (suffix === "with") === (comment !== null));
}

export function satisfactionRoutes(
  app: FastifyInstance,
  deps: RouteDeps,
  satisfaction: Satisfaction,
): void {
  const { access, switches } = deps;

  /** An account has one kind of rating; the paths of the other are not there, which is inferred. */
  function enter(request: FastifyRequest, kind: "ratings" | "surveys"): void {
    access.administrator(request.headers, "broad");
    if (switches.csat !== kind) throw invalidEndpoint();
  }

  const presentRating = (rating: RatingRecord, request: FastifyRequest) => ({
    url: `${baseUrlOf(request)}/api/v2/satisfaction_ratings/${rating.id}.json`,
    ...rating,
    reason: null,
    reason_id: null,
  });

  function find(request: FastifyRequest): readonly RatingRecord[] {
    enter(request, "ratings");
    const query = queryOf(request);
    const score = parameter(query, "score");
    const from = Number(parameter(query, "start_time") ?? 0);
    const to = Number(parameter(query, "end_time") ?? Number.POSITIVE_INFINITY);
    return satisfaction.ratings().filter((rating) => {
      const at = toUnixSeconds(new Date(rating.updated_at));
      return at >= from && at <= to && (score === undefined || isOfScore(rating, score));
    });
  }

  function list(request: FastifyRequest, found: readonly RatingRecord[]): object {
    const { rows, envelope } = pageById(request, found);
    return {
      satisfaction_ratings: rows.map((rating) => presentRating(rating, request)),
      ...envelope,
    };
  }

  route(app, "GET", "/satisfaction_ratings", (request) => list(request, find(request)));

  route(app, "GET", "/satisfaction_ratings/received", (request) =>
    list(
      request,
      find(request).filter(({ score }) => score !== "offered"),
    ),
  );

  route(app, "GET", "/satisfaction_ratings/count", (request) => ({
    count: { value: find(request).length, refreshed_at: toSecondPrecision(deps.now()) },
  }));

  // The reference's example has a list here; that it is an object is inferred.
  route(app, "GET", "/satisfaction_ratings/:id", (request) => {
    enter(request, "ratings");
    const id = readId(request);
    const rating = satisfaction.ratings().find((candidate) => candidate.id === id);
    if (!rating) throw recordNotFound();
    return { satisfaction_rating: presentRating(rating, request) };
  });

  route(app, "POST", "/tickets/:id/satisfaction_rating", (request) => {
    access.caller(request.headers, "write", "tickets");
    findTicket(deps, request);
    throw notAllowed("You do not have access to this page");
  });

  route(app, "GET", "/guide/survey_responses", (request) => {
    enter(request, "surveys");
    const query = queryOf(request);
    const zrns = parameter(query, "filter[subject_zrns]")?.split(",");
    const people = parameter(query, "filter[responder_ids]")?.split(",");
    const found = satisfaction
      .surveys()
      .filter(
        ({ ticket_id, responder_id }) =>
          (zrns?.includes(`zen:ticket:${ticket_id}`) ?? true) &&
          (people?.includes(String(responder_id)) ?? true),
      );
    const { rows, envelope } = pageThrough(found, {
      query,
      url: listUrlOf(request),
      idOf: ({ ticket_id }) => ticket_id,
      sorts: { created_at: { keyOf: ({ created_at }) => created_at, styles: "both" } },
      defaultSort: "created_at",
    });
    return { survey_responses: rows.map(presentSurvey), ...envelope };
  });

  route(app, "GET", "/guide/survey_responses/:id", (request) => {
    enter(request, "surveys");
    const { id } = request.params as { readonly id: string };
    const survey = satisfaction.surveys().find((candidate) => candidate.id === id);
    if (!survey) throw recordNotFound();
    return { survey_response: presentSurvey(survey) };
  });
}

const SURVEY_ID = "01J58KJ9RAE0D2EK7HRVM7Z8F2";
const EDITABLE_MS = 28 * 86_400_000;

function presentSurvey(survey: SurveyRecord): object {
  const { id, ticket_id, responder_id, rating, comment, created_at, updated_at } = survey;
  const text = (value: string) => ({ type: "static", value });
  const about = (questionId: string, type: string, alias: string, headline: string) => ({
    question: { id: questionId, type, alias, headline: text(headline) },
    created_at,
    updated_at,
  });
  const scale = about(
    "01GFYBENPDGN1R6NAA4WRDNVFP",
    "rating_scale_numeric",
    "rating",
    "How was it?",
  );
  const open = about("01GFYBENPDGN1R6NAA4WRDNVFR", "open_ended", "comment", "Anything else?");
  return {
    id,
    responder_id,
    subject_zrns: [`zen:ticket:${ticket_id}`],
    subjects: [{ id: String(ticket_id), type: "ticket", zrn: `zen:ticket:${ticket_id}` }],
    survey: { id: SURVEY_ID, version: 1, state: "enabled" },
    expires_at: toSecondPrecision(new Date(Date.parse(created_at) + EDITABLE_MS)),
    answers: [
      rating === null
        ? { type: "skipped", ...scale }
        : { type: "rating_scale", rating, rating_category: categoryOf(rating), ...scale },
      comment === null
        ? { type: "skipped", ...open }
        : { type: "open_ended", value: comment, ...open },
    ],
  };
}

function categoryOf(rating: number): "bad" | "neutral" | "good" {
  if (rating === 3) return "neutral";
  return rating < 3 ? "bad" : "good";
}
