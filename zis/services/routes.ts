/** What all routes share: the credential check, JSON bodies that may be empty, and how refusals are sent. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Account, Principal } from "./account.ts";
import { type Family, requireAccess } from "./auth-gate.ts";
import type { Registry } from "./registry.ts";
import { envelope, invalid, ServiceError } from "./service-error.ts";
import type { ServiceSwitches } from "./service-switches.ts";
import type { Store } from "./store.ts";

/** Throws the documented refusal unless the request's credential may use the family of endpoints. */
export type Gate = (request: FastifyRequest, family: Family, integration?: string) => Principal;

export interface GateOptions {
  readonly account: Account;
  readonly registry: Registry;
  readonly switches: ServiceSwitches;
}

/** The credential check of one account. */
export function createGate({ account, registry, switches }: GateOptions): Gate {
  return (request, family, integration) =>
    requireAccess(
      {
        family,
        identified: account.identify(request.headers),
        integration,
        integrationExists: integration !== undefined && registry.hasIntegration(integration),
      },
      switches,
    );
}

/** What a request asks of an integration; parts that its path does not have are empty. */
interface Asked {
  readonly integration: string;
  readonly uuid: string;
  readonly name: string;
  /** The whole rest of the path: encoded or not, it may hold slashes and be long. */
  readonly scope: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly userId: number;
}

/** Adds one route. What `answer` returns is the body. */
type AddRoute = (
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  url: string,
  answer: (asked: Asked) => unknown,
  status?: number,
) => void;

/** How routes are added whose path names an `:integration`, all behind the gate of one family. */
export function gatedRoutes(app: FastifyInstance, gate: Gate, family: Family): AddRoute {
  return (method, url, answer, status = 200) => {
    app.route<{ Params: Record<string, string>; Querystring: Record<string, unknown> }>({
      method,
      url,
      handler: async (request, reply) => {
        const { integration = "", uuid = "", name = "", "*": scope = "" } = request.params;
        const { userId } = gate(request, family, integration);
        const { query, body } = request;
        return reply
          .code(status)
          .send(answer({ integration, uuid, name, scope, query, body, userId }));
      },
    });
  };
}

/** Largest request body, in bytes. Zendesk's own limit is not public. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** Deepest nesting of a body; what is much deeper could be parsed but not be written as JSON again. */
const DEEPEST_BODY = 500;

/** Prepares a scope for routes: bodies are read, errors sent, and changes on disk before they are answered. */
export function prepareRoutes(app: FastifyInstance, store: Store): void {
  app.removeAllContentTypeParsers();
  // Clients send JSON under other types too, that of a form among them, or a JSON type with no body.
  app.addContentTypeParser(
    "*",
    { parseAs: "string", bodyLimit: BODY_LIMIT },
    (_request, body, done) => {
      parseJson(String(body), done);
    },
  );
  app.setErrorHandler(sendError);
  app.addHook("onSend", async (request) => {
    if (request.method !== "GET") await store.flush();
  });
}

function parseJson(text: string, done: (error: Error | null, body?: unknown) => void): void {
  if (text === "") {
    done(null, undefined);
    return;
  }
  try {
    const body: unknown = JSON.parse(text);
    if (isDeeperThan(DEEPEST_BODY, body)) {
      done(invalid(`the request body is nested deeper than ${DEEPEST_BODY} levels`));
    } else {
      done(null, body);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    done(invalid(`the request body is not JSON: ${reason}`));
  }
}

/** Level by level, since the depth is what is in doubt. */
function isDeeperThan(depth: number, value: unknown): boolean {
  let level = [value];
  for (let at = 0; at <= depth && level.length > 0; at += 1) {
    level = level.flatMap((item): unknown[] =>
      typeof item === "object" && item !== null ? Object.values(item) : [],
    );
  }
  return level.length > 0;
}

function sendError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof ServiceError) {
    const text = typeof error.body === "string";
    if (text) reply.type("text/plain; charset=utf-8");
    reply.code(error.status).send(error.body);
    return;
  }
  const status = error.statusCode ?? 500;
  const detail = status < 500 ? error.message : "Server Error";
  reply.code(status).send(envelope(status, detail));
}
