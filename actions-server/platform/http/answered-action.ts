/** What became of a call of an action, for the subjects that note what was done. */
import type { IncomingHttpHeaders } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { OperationName } from "#contract/actions/operations";
import { createRequestValue } from "./request-value.ts";
import type { AppError } from "../errors.ts";

/** The members of the contract's replies that say what was done. */
export interface ActionAnswer {
  readonly outcome?: string;
  readonly reason?: string;
  /** Parts of a conversation that were left out. */
  readonly skipped?: number;
}

export type ActionResult =
  | { readonly kind: "answered"; readonly answer: () => ActionAnswer }
  /** The answer of an earlier request under the same key. */
  | { readonly kind: "replayed"; readonly answer: () => ActionAnswer }
  | { readonly kind: "failed"; readonly error: Pick<AppError, "code" | "message" | "status"> };

export interface AnsweredAction {
  /** Undefined: a stranger, who was refused. */
  readonly account: string | undefined;
  readonly operation: OperationName;
  readonly headers: IncomingHttpHeaders;
  /** As it came; not necessarily in the form of the contract. */
  readonly body: unknown;
  /** The Idempotency-Key; null: none was sent. */
  readonly eventKey: string | null;
  readonly result: ActionResult;
  readonly durationMs: number;
}

/** Must not throw or delay the answer. */
export type AnswerObserver = (answered: AnsweredAction) => void;

const results = createRequestValue<ActionResult>();

/** Learns the results of one operation's route, and tells the observers as the answer leaves. */
export function createNotifier(
  observers: readonly AnswerObserver[],
  operation: OperationName,
  accountOf: (request: FastifyRequest) => string | undefined,
) {
  return {
    note: (request: FastifyRequest, result: ActionResult) => results.set(request, result),
    onSend(request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: () => void) {
      const result = results.get(request);
      if (result) {
        const { headers, body } = request;
        const key = headers["idempotency-key"];
        const eventKey = typeof key === "string" ? key : null;
        const account = accountOf(request);
        const durationMs = reply.elapsedTime;
        const answered = { account, operation, headers, body, eventKey, result, durationMs };
        for (const observe of observers) observe(answered);
      }
      done();
    },
  };
}
