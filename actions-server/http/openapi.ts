/** Publishes /openapi.json, made from the same schemas that check the requests. */
import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { CONTRACT_VERSION } from "../contract/operations.ts";

/** Before the routes that it describes. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "CaseQA actions",
        version: CONTRACT_VERSION,
        description: "The external actions that the flows call.",
      },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
      security: [{ token: [] }],
    },
    refResolver: {
      buildLocalReference: (schema, _base, _fragment, index) =>
        typeof schema["$id"] === "string" ? schema["$id"] : `schema-${index}`,
    },
  });
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
}
