/** An action's answer as it leaves, for the subjects that note what was done. */
import type { IncomingHttpHeaders } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { OperationName } from "#contract/actions/operations";

export interface AnsweredAction {
  /** Undefined: a stranger, who was refused. */
  readonly account: string | undefined;
  readonly operation: OperationName;
  readonly headers: IncomingHttpHeaders;
  /** As it came; not necessarily in the form of the contract. */
  readonly body: unknown;
  /** The Idempotency-Key; null: none was sent. */
  readonly eventKey: string | null;
  readonly status: number;
  /** JSON, as it is sent. */
  readonly answer: string;
  /** The answer of an earlier request under the same key. */
  readonly replayed: boolean;
  readonly durationMs: number;
}

/** Must not throw, and holds no answer up. */
export type AnswerObserver = (answered: AnsweredAction) => void;

/** The `onSend` hook of one operation's route. `accountOf` answers undefined for strangers. */
export function notifyObservers(
  observers: readonly AnswerObserver[],
  operation: OperationName,
  accountOf: (request: FastifyRequest) => string | undefined,
) {
  return (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: () => void,
  ): void => {
    if (typeof payload === "string") {
      const { headers, body } = request;
      const key = headers["idempotency-key"];
      const answered: AnsweredAction = {
        account: accountOf(request),
        operation,
        headers,
        body,
        eventKey: typeof key === "string" ? key : null,
        status: reply.statusCode,
        answer: payload,
        replayed: reply.hasHeader("idempotency-replayed"),
        durationMs: reply.elapsedTime,
      };
      for (const observe of observers) observe(answered);
    }
    done();
  };
}
