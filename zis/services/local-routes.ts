/** What Zendesk does not offer: firing events by hand and looking into the runs, without a credential. */
import type { FastifyInstance } from "fastify";
import { nearestPhrase } from "../check/nearest.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import type { ZisEvent } from "./event-intake.ts";
import { objectBody, requiredText } from "./fields.ts";
import { refusalOf } from "./local-only.ts";
import type { IntegrationLog } from "./log.ts";
import { type Runs, runDetails, runSummary } from "./runs.ts";
import { invalid, notFound, serviceError } from "./service-error.ts";
import type { Stats } from "./stats.ts";

export interface LocalRoutesOptions {
  readonly accept: (event: ZisEvent) => number;
  readonly idle: (timeoutMs?: number) => Promise<void>;
  readonly stats: () => Stats;
  readonly runs: Runs;
  readonly log: IntegrationLog;
}

interface Query {
  Querystring: Record<string, string | undefined>;
}

const MOST_COPIES = 10_000;

/** Adds the routes under /local, which answer this machine only. */
export function localRoutes(app: FastifyInstance, options: LocalRoutesOptions): void {
  const { accept, idle, stats, runs, log } = options;

  app.addHook("onRequest", async (request) => {
    const refusal = refusalOf(request.method, request.headers, request.socket.remoteAddress);
    if (refusal !== undefined) throw serviceError(403, refusal);
  });

  app.post("/local/events", async (request, reply) => {
    const events = eventsOf(objectBody(request.body));
    const queued = events.reduce((total, event) => total + accept(event), 0);
    return reply.code(202).send({ accepted: events.length, queued });
  });

  app.get("/local/stats", async () => stats());

  app.get<Query>("/local/idle", async (request, reply) => {
    const timeoutMs = wholeNumber(request.query, "timeout_ms", 30_000);
    const isIdle = await idle(timeoutMs).then(
      () => true,
      () => false,
    );
    const { queued, running } = stats();
    return reply.code(isIdle ? 200 : 504).send({ idle: isIdle, queued, running });
  });

  app.get<Query>("/local/runs", async (request) => {
    const { flow, status } = request.query;
    const limit = wholeNumber(request.query, "limit", 50);
    return { runs: runs.list({ limit, flow, status }).map(runSummary) };
  });

  app.get<{ Params: { id: string } }>("/local/runs/:id", async (request) => {
    const run = runs.get(request.params.id);
    if (!run) throw notFound(`run ${request.params.id} not found: only the last runs are kept`);
    return runDetails(run);
  });

  app.get<Query>("/local/log", async (request) => {
    const { product, status } = request.query;
    const limit = wholeNumber(request.query, "limit", 200);
    return { entries: log.entries({ product, status, limit }) };
  });
}

/** One event, or several under `events`; all are checked before the first is accepted. */
function eventsOf(body: Readonly<Record<string, Json>>): readonly ZisEvent[] {
  if (body["events"] !== undefined) requireKnown(body, ["events"]);
  const events = body["events"] ?? [body];
  if (!Array.isArray(events)) throw invalid("events must be an array");
  return events.map((event) => {
    if (!isJsonObject(event)) throw invalid("an event must be an object");
    requireKnown(event, EVENT_MEMBERS);
    if (event["input"] === undefined) throw invalid("input is required: it becomes $.input");
    return {
      event_source: requiredText(event, "event_source"),
      event_type: requiredText(event, "event_type"),
      input: event["input"],
      copies: within(event["copies"] ?? 1, "copies", 1, MOST_COPIES),
      delayMs: within(event["delay_ms"] ?? 0, "delay_ms", 0, 3_600_000),
    };
  });
}

const EVENT_MEMBERS = ["event_source", "event_type", "input", "copies", "delay_ms"];

/** A misspelt member would be left out of account without a word. */
function requireKnown(object: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(object).find((member) => !known.includes(member));
  if (unknown === undefined) return;
  const members = `there ${known.length === 1 ? "is" : "are"} ${known.join(", ")}`;
  throw invalid(
    `unknown member ${JSON.stringify(unknown)}${nearestPhrase(unknown, known)}; ${members}`,
  );
}

function within(value: Json, name: string, least: number, most: number): number {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) {
    return Number(value);
  }
  throw invalid(`${name} must be a whole number from ${least} to ${most}`);
}

function wholeNumber(query: Query["Querystring"], name: string, usual: number): number {
  const text = query[name];
  if (text === undefined) return usual;
  return within(/^\d+$/.test(text) ? Number(text) : text, name, 0, 3_600_000);
}
