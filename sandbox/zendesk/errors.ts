/** How Zendesk says no: one class for all refusals, and its four envelopes. */
import type { FastifyReply, FastifyRequest } from "fastify";

/** A refusal with the status and body that Zendesk sends. A string body is sent as plain text. */
export class ZendeskRefusal extends Error {
  readonly status: number;
  readonly body: string | object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    body: string | object,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${status} ${JSON.stringify(body)}`);
    this.name = "ZendeskRefusal";
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export const badCredentials = () => new ZendeskRefusal(401, { error: "Couldn't authenticate you" });

export const badToken = () =>
  new ZendeskRefusal(401, {
    error: "invalid_token",
    error_description:
      "The access token provided is expired, revoked, malformed or invalid for other reasons.",
  });

/** The token's scopes do not cover the call. */
export const missingScope = (scope: string) =>
  new ZendeskRefusal(403, {
    error: "Forbidden",
    description: `You are missing the following required scopes: ${scope}`,
  });

/** The person may not do this, whatever the token says. */
export const notAllowed = (message: string) =>
  new ZendeskRefusal(403, { error: { title: "Forbidden", message } });

export const recordNotFound = () =>
  new ZendeskRefusal(404, { error: "RecordNotFound", description: "Not found" });

export const invalidEndpoint = () =>
  new ZendeskRefusal(404, { error: "InvalidEndpoint", description: "Not found" });

/** A parameter or body of the wrong form. The body's wording is inferred. */
export const invalidAttribute = (message: string) =>
  new ZendeskRefusal(400, { error: { title: "Invalid attribute", message } });

/** `field` is a member of the record, or `base` for the record as a whole. */
export const recordInvalid = (field: string, description: string, error = "InvalidValue") =>
  new ZendeskRefusal(422, {
    error: "RecordInvalid",
    description: "Record validation errors",
    details: { [field]: [{ description, error }] },
  });

/** A search that cannot be answered. */
export const invalidSearch = (description: string) =>
  new ZendeskRefusal(422, { error: "invalid", description });

/** The envelope of newer endpoints, used for paging. */
export const pagingRefused = (
  code: "InvalidPaginationDepth" | "InvalidPaginationParameter",
  title: string,
) => new ZendeskRefusal(400, { errors: [{ code, title }] });

export const updateConflict = () =>
  new ZendeskRefusal(409, {
    error: "UpdateConflict",
    description: "The safe update was prevented: the ticket data it was based on is outdated",
  });

export const idempotencyMismatch = () =>
  new ZendeskRefusal(400, {
    error: "IdempotentRequestError",
    description: "Request parameters don't match the given idempotency key",
  });

/** Sends refusals in Zendesk's envelopes; the one for bodies that cannot be read is inferred. */
export function sendRefusal(
  error: unknown,
  _request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof ZendeskRefusal) {
    return reply.code(error.status).headers(error.headers).send(error.body);
  }
  const status = (error as { readonly statusCode?: number }).statusCode ?? 500;
  const description = error instanceof Error ? error.message : "unexpected";
  return reply
    .code(status)
    .send({ error: status < 500 ? "BadRequest" : "InternalError", description });
}
