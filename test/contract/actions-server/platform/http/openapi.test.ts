/** Does the server accept what its own document says to send? */
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { OPERATIONS } from "#contract/actions/operations";
import { FORMATS } from "#contract/instant";
import { startWorld } from "#test/support/world";

interface Media {
  readonly schema: Record<string, unknown>;
  readonly example?: unknown;
  readonly examples?: unknown;
}

interface Method {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly (Media & { readonly name: string; readonly in: string })[];
  readonly requestBody: { readonly required: boolean; readonly content: Record<string, Media> };
  readonly responses: Record<
    string,
    { readonly description: string; readonly headers: Record<string, { description: string }> }
  >;
}

interface Document {
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly Record<string, unknown>[];
  readonly components: { readonly securitySchemes: Record<string, unknown> };
  readonly paths: Record<string, { readonly post: Method }>;
}

/** What the document says beyond OpenAPI's own words. */
function extensionsOf(method: Method): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(method).filter(([name]) => name.startsWith("x-")));
}

const ajv = new Ajv({ strict: false, formats: FORMATS });

describe("/openapi.json", () => {
  it("says what every operation takes and answers, and its examples are accepted as they stand", async () => {
    const { card } = await startWorld();
    const { url, token } = card.server;
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
    expect(document.servers).toEqual([expect.objectContaining({ url: "/" })]);
    expect(Object.keys(document.components.securitySchemes)).toEqual([
      "bearer",
      "basic",
      "api_key",
    ]);
    expect(document.security).toEqual([{ bearer: [] }, { basic: [] }, { api_key: [] }]);
    const actions = Object.entries(document.paths).filter(([path]) =>
      path.startsWith("/v1/actions/"),
    );
    expect(actions).toHaveLength(Object.keys(OPERATIONS).length);

    for (const [path, { post }] of actions) {
      const operation = OPERATIONS[post.operationId as keyof typeof OPERATIONS];
      const { reply, effect } = operation;
      expect(extensionsOf(post), path).toEqual({
        "x-effect": effect,
        "x-budget-ms": operation.budgetMs,
        "x-body-bytes": operation.bodyBytes,
        ...(operation.effect === "write" && {
          "x-ttl-seconds": operation.ttlSeconds,
          "x-identity": operation.identity,
        }),
      });
      expect(post.summary).not.toBe("");
      expect(post.description).not.toBe("");
      const { schema, example, examples } = post.requestBody.content["application/json"]!;
      expect(JSON.stringify(schema), path).not.toContain("$ref");
      expect([example === undefined, examples], path).toEqual([false, undefined]);

      const headers: Record<string, string> = {};
      for (const parameter of post.parameters ?? []) {
        headers[parameter.name] = String(parameter.example);
      }
      const answer = await fetch(url + path, {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          ...headers,
        },
        body: JSON.stringify(example),
      });
      const body: unknown = await answer.json();
      expect([path, answer.status, body]).toEqual([path, 200, expect.anything()]);
      expect(body).not.toMatchObject({ outcome: "rejected" });
      expect(ajv.validate(reply, body), ajv.errorsText()).toBe(true);

      const told = post.responses["200"]!.headers;
      for (const name of [
        "X-Request-ID",
        "RateLimit-Limit",
        "RateLimit-Remaining",
        "RateLimit-Reset",
      ]) {
        expect(told[name]?.description, `${path} ${name}`).not.toBe("");
        expect(answer.headers.get(name), `${path} ${name}`).not.toBeNull();
      }
      expect("Idempotency-Replayed" in told).toBe(effect === "write");
      expect(post.responses["503"]?.headers).toHaveProperty("Retry-After");
      expect(post.responses["429"]?.headers).toHaveProperty("Retry-After");
      expect(post.responses["429"]?.description).toContain("TOO_MANY_REQUESTS");
    }
  });
});
