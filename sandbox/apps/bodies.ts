/** The bodies that the apps API and the agent interface take: JSON, that may be empty, forms, and forms with files. */
import type { FastifyInstance, FastifyRequest } from "fastify";

const BODY_LIMIT = 32 * 1024 * 1024;

/** Prepares a scope: `request.body` is JSON or undefined, the fields of a form, or the FormData of a multipart form. */
export function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addContentTypeParser(
    "multipart/form-data",
    { parseAs: "buffer", bodyLimit: BODY_LIMIT },
    async (request: FastifyRequest, body: Buffer) => {
      const type = request.headers["content-type"] ?? "";
      const bytes = new Uint8Array(body);
      return new Response(bytes, { headers: { "content-type": type } }).formData();
    },
  );
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, body === "" ? undefined : JSON.parse(String(body)));
    } catch {
      done(Object.assign(new Error("The body is not JSON"), { statusCode: 400 }));
    }
  });
}

/** The file of a field, or undefined when the form has none of that name. */
export async function fileOf(body: unknown, field: string): Promise<Buffer | undefined> {
  const value = body instanceof FormData ? body.get(field) : null;
  return value instanceof Blob ? Buffer.from(await value.arrayBuffer()) : undefined;
}
