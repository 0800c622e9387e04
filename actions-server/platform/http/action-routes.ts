/** One route for each operation of the contract: check, call the handler once, answer. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { OPERATIONS, type OperationName } from "#contract/actions/operations";
import { createDeadline, within } from "../deadline.ts";
import { AppError } from "../errors.ts";
import { readInstant } from "#contract/instant";
import {
  createNotifier,
  type ActionAnswer,
  type ActionResult,
  type AnswerObserver,
} from "./answered-action.ts";
import { toRefusal } from "./error-reply.ts";
import type { ActionContext, ActionHandlers, WriteContext } from "./handlers.ts";
import { toFingerprint } from "../idempotency/fingerprint.ts";
import type { RunOnce, RunOnceResult } from "../idempotency/run-once.ts";
import type { Work } from "../idempotency/work.ts";
import type { Admission } from "./admission.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { toSchema, type Operation } from "./operation-schema.ts";

export interface ActionRouteDeps {
  readonly actions: ActionHandlers;
  readonly runOnce: RunOnce;
  readonly metrics: Metrics;
  /** Called with every answer. Default: none. */
  readonly observers?: readonly AnswerObserver[];
  readonly now: () => Date;
}

/** Reserved from every budget for sending the answer. */
const MARGIN_MS = 500;
/**
 * The part of that margin after the deadline: calls to remote systems end with the deadline and report why. What is left waits for the
 * database, which has no deadline.
 */
const LAST_WORD_MS = 250;

const tooSlow = () =>
  new AppError("NOT_READY", "the database did not answer within the action's budget");

type Write = Extract<Operation, { effect: "write" }>;
type Body = Readonly<Record<string, unknown>>;
/** The handler tables tie each body to its operation; the loop over them cannot, after the schema has checked it. */
type AnyRead = (body: Body, context: ActionContext) => Promise<unknown>;
type AnyWrite = (body: Body, context: WriteContext) => Promise<Work<unknown>>;

interface Sent {
  readonly status: number;
  readonly body: string;
  readonly result: ActionResult;
}

export function registerActionRoutes(
  app: FastifyInstance,
  { admit, accountOf, knownAccountOf }: Pick<Admission, "admit" | "accountOf" | "knownAccountOf">,
  deps: ActionRouteDeps,
): void {
  const { actions, runOnce, metrics, observers = [], now } = deps;

  async function read(handle: AnyRead, body: Body, context: ActionContext): Promise<Sent> {
    const answer = (await handle(body, context)) as ActionAnswer;
    const result: ActionResult = { kind: "answered", answer: () => answer };
    return { status: 200, body: JSON.stringify(answer), result };
  }

  function write(
    name: OperationName,
    { identity, ttlSeconds, isLocal }: Write,
    handle: AnyWrite,
    body: Body,
    context: WriteContext,
  ): Sent | Promise<Sent> {
    const { account, idempotencyKey: key, deadline } = context;
    const result = runOnce(
      {
        account,
        operation: name,
        key,
        identity: toFingerprint(body, identity),
        ttlSeconds,
        isLocal,
        deadline,
      },
      () => {
        observeLag(name, body);
        return handle(body, context);
      },
    );
    return result instanceof Promise ? result.then(toSent) : toSent(result);
  }

  /** How long after its event an action is done; replays and repetitions by a sweep do not count. */
  function observeLag(name: OperationName, { occurred_at: occurredAt }: Body): void {
    const happenedAt = typeof occurredAt === "string" ? readInstant(occurredAt) : undefined;
    if (!happenedAt) return;
    metrics.observeLag(name, (now().getTime() - happenedAt.getTime()) / 1000);
  }

  /** Throws before anything is done when the request may not pass. */
  function perform(
    name: OperationName,
    body: Body,
    context: ActionContext,
    request: FastifyRequest,
  ): Sent | Promise<Sent> {
    const operation = OPERATIONS[name];
    if (operation.effect === "read") {
      return read(actions[name] as AnyRead, body, context);
    }
    const idempotencyKey = readIdempotencyKey(request.raw);
    return write(name, operation, actions[name] as AnyWrite, body, { ...context, idempotencyKey });
  }

  function add(name: OperationName): void {
    const operation = OPERATIONS[name];
    const notifier = createNotifier(observers, name, knownAccountOf);
    app.post(operation.path, {
      schema: toSchema(name, operation),
      bodyLimit: operation.bodyBytes,
      // Before the body is read: a stranger's is never parsed.
      onRequest: (request, reply) => admit(request, reply, "actions"),
      onError: async (request, _reply, thrown) => {
        // Without its cause, which may hold the whole body: observers keep results for a while.
        const { code, message, status } = toRefusal(thrown, request);
        notifier.note(request, { kind: "failed", error: { code, message, status } });
      },
      onSend: notifier.onSend,
      onResponse(_request, reply, done) {
        metrics.observe(name, reply.statusCode, reply.elapsedTime / 1000);
        done();
      },
      handler(request, reply) {
        const deadline = createDeadline(operation.budgetMs - MARGIN_MS - reply.elapsedTime);
        const context: ActionContext = {
          account: accountOf(request),
          requestId: request.id,
          deadline,
          log: request.log,
          idempotencyKey: undefined,
        };
        const answer = (sent: Sent) => {
          if (sent.result.kind === "replayed") metrics.countReplay(name);
          notifier.note(request, sent.result);
          return send(reply, sent);
        };
        const sent = perform(name, request.body as Body, context, request);
        if (!(sent instanceof Promise)) return answer(sent);
        return within(deadline.remainingMs() + LAST_WORD_MS, sent, tooSlow)
          .then(answer)
          .finally(() => deadline.clear());
      },
    });
  }

  for (const name of Object.keys(OPERATIONS) as OperationName[]) add(name);
}

function toSent({ kind, status, body }: RunOnceResult): Sent {
  // The text is what is recorded and sent: it is only read again when somebody asks what it says.
  const answer = () => JSON.parse(body) as ActionAnswer;
  return { status, body, result: { kind: kind === "replayed" ? kind : "answered", answer } };
}

/** The text as it is: a serializer could change a byte. */
function send(reply: FastifyReply, { status, body, result }: Sent): FastifyReply {
  if (result.kind === "replayed") reply.header("idempotency-replayed", "true");
  return reply.code(status).type("application/json; charset=utf-8").send(body);
}
