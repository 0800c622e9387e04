/** Publishes /openapi.json, made from the same schemas that check the requests. */
import swagger from "@fastify/swagger";
import type { FastifyInstance, onRequestAsyncHookHandler } from "fastify";
import { CONTRACT_VERSION } from "#contract/actions/operations";

export interface OpenApiOptions {
  /** The header of API keys. */
  readonly apiKeyHeader: string;
  readonly onRequest: onRequestAsyncHookHandler;
}

const DESCRIPTION = `The external actions that the flows call, the conversations as reviewers and programs read them
(/v1/conversations), and what administrators ask through the app or the command (/v1/admin). Every action that changes something takes the header Idempotency-Key and happens once for it; a
repeated request gets the first answer, marked by Idempotency-Replayed. Every refusal has the form of ErrorReply; retryable
says whether the same request may succeed later.`;

/** Before the routes that it describes. */
export async function registerOpenApi(
  app: FastifyInstance,
  { apiKeyHeader, onRequest }: OpenApiOptions,
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "CaseQA actions",
        version: CONTRACT_VERSION,
        description: DESCRIPTION.replaceAll("\n", " "),
      },
      servers: [{ url: "/", description: "The server that this document came from." }],
      components: {
        securitySchemes: {
          bearer: {
            type: "http",
            scheme: "bearer",
            description:
              "A bearer token connection of ZIS, or a session of the app, which opens /v1/admin only.",
          },
          basic: {
            type: "http",
            scheme: "basic",
            description: "A basic authentication connection of ZIS.",
          },
          api_key: {
            type: "apiKey",
            in: "header",
            name: apiKeyHeader,
            description: "An API key connection of ZIS with this header name.",
          },
        },
      },
      // One of them is enough.
      security: [{ bearer: [] }, { basic: [] }, { api_key: [] }],
    },
    refResolver: {
      buildLocalReference: (schema, _base, _fragment, index) =>
        typeof schema["$id"] === "string" ? schema["$id"] : `schema-${index}`,
    },
  });
  app.get("/openapi.json", { schema: { hide: true }, onRequest }, async () => app.swagger());
}
