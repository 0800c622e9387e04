/** What every peer checks before its work, as our server does: the credential, the key and the schema of the body. */
import { hash, timingSafeEqual } from "node:crypto";
import { fastify, type FastifyInstance } from "fastify";
import { FORMATS } from "../../../contract/instant.ts";
import {
  RecordAssignmentReply,
  RecordAssignmentRequest,
} from "../../../contract/actions/record-assignment.ts";

export const PATH = "/v1/actions/record-assignment";
export const ACCOUNT = "bench";

interface PeerRequest {
  readonly key: string;
  readonly body: RecordAssignmentRequest;
}

/** Undefined: the key was used for another request. */
export type Perform = (request: PeerRequest) => Promise<RecordAssignmentReply | undefined>;

const sha256 = (text: string) => hash("sha256", text, "buffer");

/** Fastify with nothing but its own parts: its ajv, its serializer made from the schema of the answer, no log. */
export function buildPeerApp(token: string, perform: Perform): FastifyInstance {
  const expected = sha256(`Bearer ${token}`);
  const app = fastify({
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, formats: FORMATS } },
  });
  app.post<{ Body: RecordAssignmentRequest }>(
    PATH,
    {
      schema: { body: RecordAssignmentRequest, response: { 200: RecordAssignmentReply } },
      onRequest: async ({ headers }, reply) => {
        if (timingSafeEqual(sha256(headers.authorization ?? ""), expected)) return undefined;
        return reply.code(401).send({ error: "the credential is missing or unknown" });
      },
    },
    async ({ headers, body }, reply) => {
      const key = headers["idempotency-key"];
      if (typeof key !== "string" || key === "" || key.length > 255) {
        return reply.code(400).send({ error: "send an Idempotency-Key of 1 to 255 characters" });
      }
      const answer = await perform({ key, body });
      return answer ?? reply.code(422).send({ error: "the key was used for another request" });
    },
  );
  return app;
}
