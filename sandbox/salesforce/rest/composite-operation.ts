/** Several requests in one: run in order, later ones naming results of earlier ones. */
import { refusal, SalesforceError } from "../errors.ts";
import {
  findOperation,
  type Answer,
  type Call,
  type Operation,
  type RestDeps,
} from "./operation.ts";

/** REST guide, Composite: subrequests in one call. */
const MAX_SUBREQUESTS = 25;

type Json = Readonly<Record<string, unknown>>;

interface SubAnswer {
  readonly body: unknown;
  readonly httpHeaders: Json;
  readonly httpStatusCode: number;
  readonly referenceId: string;
}

const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value at `ref.records[0].Id` among the answers so far. @throws SalesforceError 400 */
function lookUp(reference: string, answers: ReadonlyMap<string, unknown>): string {
  const [name = "", ...steps] = reference.split(/[.[\]]+/).filter((step) => step !== "");
  let value: unknown = answers.get(name);
  for (const step of steps) value = (value as Json | undefined)?.[step];
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw refusal(
    400,
    "PROCESSING_HALTED",
    `Invalid reference specified. No value for ${reference} found`,
  );
}

/** The same JSON with every `@{…}` in its texts replaced. */
function fill(value: unknown, answers: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === "string") {
    return value.replace(/@\{([^}]+)\}/g, (_all, reference: string) => lookUp(reference, answers));
  }
  if (Array.isArray(value)) return value.map((one) => fill(one, answers));
  if (!isJson(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one, answers)]));
}

function lowerCaseNames(headers: unknown): Record<string, string> {
  if (!isJson(headers)) return {};
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

/**
 * The composite operation over the others. It counts as one API request.
 * @param operations those that a subrequest may name
 */
export function compositeOperation({ org }: RestDeps, operations: readonly Operation[]): Operation {
  function runOne(sub: Json, call: Call, answers: ReadonlyMap<string, unknown>): Answer {
    const url = String(fill(sub["url"], answers));
    const [path = "", search = ""] = url.split("?", 2);
    const found = path.startsWith(`${call.basePath}/`)
      ? findOperation(operations, String(sub["method"]), path.slice(call.basePath.length))
      : undefined;
    if (!found) throw refusal(404, "NOT_FOUND", "The requested resource does not exist");
    return found.operation.run({
      ...call,
      params: found.params,
      query: Object.fromEntries(new URLSearchParams(search)),
      headers: { ...call.headers, ...lowerCaseNames(sub["httpHeaders"]) },
      body: fill(sub["body"], answers),
    });
  }

  function answerOne(sub: Json, call: Call, answers: Map<string, unknown>): SubAnswer {
    const referenceId = String(sub["referenceId"]);
    try {
      const { status, body = null } = runOne(sub, call, answers);
      answers.set(referenceId, body);
      return { body, httpHeaders: {}, httpStatusCode: status, referenceId };
    } catch (error) {
      if (!(error instanceof SalesforceError)) throw error;
      return { body: error.errors, httpHeaders: {}, httpStatusCode: error.status, referenceId };
    }
  }

  function run(call: Call): Answer {
    const body = isJson(call.body) ? call.body : {};
    const subrequests: unknown = body["compositeRequest"];
    if (!Array.isArray(subrequests) || !subrequests.every(isJson)) {
      throw refusal(400, "JSON_PARSER_ERROR", "The request body must hold a list compositeRequest");
    }
    if (subrequests.length > MAX_SUBREQUESTS) {
      throw refusal(
        400,
        "LIMIT_EXCEEDED",
        `The composite request may hold at most ${MAX_SUBREQUESTS} subrequests`,
      );
    }
    const before = org.store.snapshot();
    const answers = new Map<string, unknown>();
    const compositeResponse = subrequests.map((sub) => answerOne(sub, call, answers));
    if (body["allOrNone"] !== true || !compositeResponse.some(failed)) {
      return { status: 200, body: { compositeResponse } };
    }
    org.store.restore(before);
    return {
      status: 200,
      body: {
        compositeResponse: compositeResponse.map((one) => (failed(one) ? one : halted(one))),
      },
    };
  }

  return { method: "POST", path: "/composite", run };
}

function failed(answer: SubAnswer): boolean {
  return answer.httpStatusCode >= 300;
}

function halted({ referenceId }: SubAnswer): SubAnswer {
  return {
    body: [
      {
        errorCode: "PROCESSING_HALTED",
        message:
          "The transaction was rolled back since another operation in the same transaction failed.",
      },
    ],
    httpHeaders: {},
    httpStatusCode: 400,
    referenceId,
  };
}
