/** A model of the actions server for flows: it answers by the contract, and each effect happens once a key. */
import { Ajv } from "ajv";
import { OPERATIONS, type OperationName } from "#contract/actions/operations";
import { FORMATS } from "#contract/instant";
import { actionNameOf } from "#bundle/builders/server-action";
import type { HttpEffect } from "#zis/engine/effects";
import type { HttpReply } from "#zis/engine/http-reply";
import type { Json, JsonObject } from "#zis/model/json";

/** A reply of an operation; those that the contract does not know are marked. */
type Answer = JsonObject | { readonly offContract: JsonObject };

/** What is answered, by operation: always the same, or one after the other with the last one repeated. */
export type Answers = Partial<Record<OperationName, Answer | readonly Answer[]>>;

/** Something that the server did, once. */
interface ServerEffect {
  readonly operation: OperationName;
  readonly key: string;
  readonly body: Json;
}

export interface ServerModel {
  answer(call: HttpEffect): HttpReply;
  /** What was done, in order. */
  readonly effects: readonly ServerEffect[];
  /** Every call as it came in, reads and repeated ones included. */
  readonly calls: readonly OperationName[];
  /** Why requests were refused. */
  readonly refusals: readonly string[];
}

export const CASE_ID = "500000000000001AAA";
export const OTHER_CASE_ID = "500000000000002AAA";

const summary = (id: string, number: string) => ({
  id,
  number,
  subject: null,
  status: "New",
  is_closed: false,
});

/** Answers of resolve-case for ticket 1001, by name. */
export const RESOLVED = {
  matched: {
    outcome: "matched",
    ticket_id: "1001",
    case_id: CASE_ID,
    matched_by: "case_number",
    case: summary(CASE_ID, "00001026"),
  },
  ambiguous: {
    outcome: "ambiguous",
    ticket_id: "1001",
    case_id: null,
    matched_by: "requester_email",
    candidates: [summary(CASE_ID, "00001026"), summary(OTHER_CASE_ID, "00001027")],
    more: false,
  },
  none: { outcome: "none", ticket_id: "1001", case_id: null, reason: "no_candidate" },
  empty: { outcome: "none", ticket_id: "1001", case_id: null, reason: "nothing_to_look_for" },
  ticket_not_found: { outcome: "ticket_not_found", ticket_id: "1001", case_id: null },
} as const satisfies Record<string, JsonObject>;

const DEFAULT_ANSWERS: Record<OperationName, JsonObject> = {
  "resolve-case": RESOLVED.matched,
  "capture-conversation": {
    outcome: "captured",
    ticket_id: "1001",
    messages: 3,
    skipped: 0,
    participants: 2,
    newest: true,
  },
  "annotate-ticket": { outcome: "annotated", ticket_id: "1001" },
  "record-assignment": { outcome: "recorded", ticket_id: "1001", current: true },
  "merge-conversation": { outcome: "merged", ticket_id: "1001", target_ticket_id: "1002" },
  "record-deletion": { outcome: "recorded", ticket_id: "1001", state: "deleted", current: true },
  "record-ticket-event": { outcome: "recorded", ticket_id: "1001", refresh: true },
  "record-satisfaction": { outcome: "recorded", ticket_id: "1001", current: true },
  "apply-settings": { outcome: "applied", revision: 1, problem: "" },
  "request-link": { outcome: "accepted", ticket_id: "1001" },
};

const LONGEST_KEY = 255;
const ajv = new Ajv({ strict: true, formats: FORMATS });
const operations = new Map(
  Object.keys(OPERATIONS).map((name) => [
    actionNameOf(name as OperationName),
    name as OperationName,
  ]),
);

/** A server with nothing recorded. A reply that the contract does not know fails the test at once. */
export function createServerModel(answers: Answers): ServerModel {
  const effects: ServerEffect[] = [];
  const calls: OperationName[] = [];
  const refusals: string[] = [];
  const recorded = new Map<string, { readonly identity: string; readonly reply: JsonObject }>();
  const left = new Map(Object.entries(answers).map(([name, each]) => [name, [each].flat()]));

  function nextAnswer(operation: OperationName): JsonObject {
    const queue = left.get(operation) ?? [DEFAULT_ANSWERS[operation]];
    const answer = (queue.length > 1 ? queue.shift() : queue[0]) as Answer;
    if ("offContract" in answer) return answer.offContract as JsonObject;
    if (ajv.validate(OPERATIONS[operation].reply, answer)) return answer;
    throw new Error(`${operation} does not answer ${JSON.stringify(answer)}: ${ajv.errorsText()}`);
  }

  function refuse(status: number, reason: string): HttpReply {
    refusals.push(reason);
    return reply(status, { error: reason });
  }

  function write(operation: OperationName, call: HttpEffect, key: string): HttpReply {
    if (key === "" || key.length > LONGEST_KEY) return refuse(400, `${operation}: bad key`);
    const identity = identityOf(operation, call.body);
    const known = recorded.get(`${operation} ${key}`);
    if (known && known.identity !== identity) return refuse(422, `${operation}: key is reused`);
    if (known) return reply(200, known.reply);
    const answer = nextAnswer(operation);
    recorded.set(`${operation} ${key}`, { identity, reply: answer });
    effects.push({ operation, key, body: call.body ?? null });
    return reply(200, answer);
  }

  return {
    effects,
    calls,
    refusals,
    answer(call) {
      const operation = operations.get(call.actionName.split(":").at(-1) ?? "");
      if (!operation) throw new Error(`${call.actionName} is no action of the contract`);
      const { path, effect, request } = OPERATIONS[operation];
      if (call.method !== "POST" || call.url !== `https://caseqa.example.com${path}`) {
        throw new Error(`${operation} is not served at ${call.method} ${call.url}`);
      }
      calls.push(operation);
      if (!ajv.validate(request, call.body))
        return refuse(400, `${operation}: ${ajv.errorsText()}`);
      const key = call.headers.find(([name]) => name === "Idempotency-Key")?.[1];
      if (effect === "write") return write(operation, call, key ?? "");
      if (key !== undefined) throw new Error(`${operation} is a read and takes no key`);
      return reply(200, nextAnswer(operation));
    },
  };
}

function reply(status: number, body: JsonObject): HttpReply {
  return { status, headers: {}, bodyText: JSON.stringify(body), elapsedMs: 0 };
}

function identityOf(operation: OperationName, body: Json | undefined): string {
  const contract = OPERATIONS[operation];
  const members = "identity" in contract ? contract.identity : [];
  // An id is the same as a number and as text.
  return members
    .map((name) => JSON.stringify((body as JsonObject)[name]).replaceAll('"', ""))
    .join();
}
