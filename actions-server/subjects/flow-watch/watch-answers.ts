/** Hands the answers of one operation's route to the watch over flows. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { OperationName } from "#contract/actions/operations";
import { readShown } from "#platform/http/auth";
import { hashSecret } from "#platform/http/callers";
import type { FlowWatch } from "./flow-watch.ts";

interface WatchAnswersDeps {
  readonly flowWatch: Pick<FlowWatch, "heard" | "refused">;
  readonly apiKeyHeader: string;
}

/** A stranger beyond its limit is refused by 429 before its credential is spoken of. */
const REFUSED = new Set([401, 429]);

/** For `onSend`. `accountOf` answers undefined for strangers. */
export function watchAnswers(
  { flowWatch, apiKeyHeader }: WatchAnswersDeps,
  operation: OperationName,
  accountOf: (request: FastifyRequest) => string | undefined,
) {
  return (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: () => void,
  ): void => {
    const account = accountOf(request);
    if (account === undefined && REFUSED.has(reply.statusCode)) {
      const shown = readShown(request.headers, apiKeyHeader);
      flowWatch.refused({
        kind: shown?.kind ?? "none",
        sha256: shown && hashSecret(shown.secret),
      });
    }
    if (account !== undefined && typeof payload === "string") {
      const key = request.headers["idempotency-key"];
      const eventKey = typeof key === "string" ? key : null;
      const failed = reply.statusCode >= 400;
      flowWatch.heard({ account, operation, eventKey, answer: payload, failed });
    }
    done();
  };
}
