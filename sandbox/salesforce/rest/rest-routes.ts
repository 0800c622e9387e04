/** The REST API over HTTP: sessions, versions, the day's allowance and its header, addresses too long. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { invalidSession, notFound, refusal, type SalesforceError } from "../errors.ts";
import type { Session, Sessions } from "../sessions.ts";
import type { Usage } from "../usage.ts";
import { findOperation, type Call, type Operation } from "./operation.ts";

/** Salesforce Help, request size: bytes of the address, and of address and headers together. */
const MAX_URI = 16_384;

export interface RestOptions {
  readonly operations: readonly Operation[];
  readonly sessions: Sessions;
  readonly usage: Usage;
  /** Oldest and newest version that the org serves, whole numbers. */
  readonly versions: { readonly oldest: number; readonly newest: number };
}

/** `Winter '27` for 68: three releases a year, spring first. */
function labelOf(version: number): string {
  const season = ["Spring", "Summer", "Winter"][version % 3] ?? "";
  // 66 was Spring '26; a winter release carries the next year.
  const year = 26 + Math.floor((version - 66) / 3) + Number(version % 3 === 2);
  return `${season} '${year}`;
}

function authenticate(request: FastifyRequest, sessions: Sessions): Session {
  const { authorization } = request.headers;
  if (authorization !== undefined && !/^(?:Bearer|OAuth) /i.test(authorization)) {
    throw refusal(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE");
  }
  const session = sessions.use(authorization?.replace(/^\S+ /, "") ?? "");
  if (!session) throw invalidSession();
  return session;
}

/** @throws SalesforceError 410 for a retired version, 404 for one that is not out yet */
function checkVersion(version: string, { oldest, newest }: RestOptions["versions"]): void {
  const number = Number(/^v(\d{2,3})\.0$/.exec(version)?.[1]);
  if (number < oldest) {
    throw refusal(410, "GONE", `API version ${version} is retired; use v${newest}.0`);
  }
  if (!(number <= newest)) throw notFound();
}

/** What the edge in front of the platform answers to an address it will not read. */
function refuseLongUri(reply: FastifyReply): FastifyReply {
  return reply
    .code(414)
    .type("text/html;charset=iso-8859-1")
    .send("<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>");
}

/** 405 when the path is known under other methods. */
function wrongMethod(
  method: string,
  path: string,
  operations: readonly Operation[],
): SalesforceError | undefined {
  const allowed = ["GET", "POST", "PATCH", "DELETE"].filter((one) =>
    findOperation(operations, one, path),
  );
  if (allowed.length === 0) return undefined;
  return refusal(
    405,
    "METHOD_NOT_ALLOWED",
    `HTTP Method '${method}' not allowed. Allowed are ${allowed.join(",")}`,
  );
}

function toCall(request: FastifyRequest, session: Session): Call {
  const { version = "", ...params } = request.params as Record<string, string>;
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : value,
  ]);
  return {
    params,
    query: request.query as Record<string, string>,
    headers: Object.fromEntries(headers) as Record<string, string | undefined>,
    body: request.body,
    userId: session.userId,
    basePath: `/services/data/${version}`,
    origin: `${request.protocol}://${request.host}`,
  };
}

/** Registers every operation below `/services/data/vXX.X`, and the list of versions. */
export async function registerRest(app: FastifyInstance, options: RestOptions): Promise<void> {
  const { operations, sessions, usage, versions } = options;

  app.addHook("onRequest", async (request, reply) =>
    Buffer.byteLength(request.url) > MAX_URI ? refuseLongUri(reply) : undefined,
  );

  // Needs no session and does not count.
  app.get("/services/data", () =>
    Array.from({ length: versions.newest - versions.oldest + 1 }, (_, index) => {
      const number = versions.oldest + index;
      return {
        label: labelOf(number),
        url: `/services/data/v${number}.0`,
        version: `${number}.0`,
      };
    }),
  );

  function authorize(request: FastifyRequest, reply: FastifyReply): Session {
    const { version = "" } = request.params as { version?: string };
    const session = authenticate(request, sessions);
    const allowed = usage.take();
    const { used, limit } = usage.read();
    reply.header("sforce-limit-info", `api-usage=${used}/${limit}`);
    if (!allowed) throw refusal(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
    checkVersion(version, versions);
    return session;
  }

  for (const { method, path, run } of operations) {
    app.route({
      method,
      url: `/services/data/:version${path}`,
      handler: async (request, reply) => {
        const session = authorize(request, reply);
        const { status, body } = run(toCall(request, session));
        reply.code(status);
        return body === undefined ? reply.send() : reply.send(body);
      },
    });
  }

  app.all<{ Params: { "*": string } }>("/services/data/:version/*", (request, reply) => {
    authorize(request, reply);
    throw wrongMethod(request.method, `/${request.params["*"]}`, operations) ?? notFound();
  });
}
