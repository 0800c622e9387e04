/** One question to the server, by its row in the table of JSON routes: typed both ways. Pure: the caller sends. */
import { ROUTES, type RouteName } from "./routes.ts";
import type { ReplyOf, RequestOf, Route } from "./routes/route.ts";

interface ServerCall {
  readonly method: Route["method"];
  /** From the origin on, with its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Sends a call with a credential. Rejects only when there was no answer at all. */
export type SendCall = (
  call: ServerCall,
) => Promise<{ readonly status: number; /** Parsed when it is JSON. */ readonly body: unknown }>;

type Row<Name extends RouteName> = (typeof ROUTES)[Name];

/** A route by its name, with what it takes. What a query leaves out is filled in by the server. */
export type Question<Name extends RouteName> = {
  readonly route: Name;
  readonly query?: Partial<RequestOf<Row<Name>>["query"]>;
} & {
  readonly [Member in ("params" | "body") & keyof Row<Name>]: RequestOf<Row<Name>>[Member];
};

export type Answer<Name extends RouteName> = ReplyOf<Row<Name>>;

/** An answer that is not a success; the message has its status and the server's own words. */
export class ServerRefusal extends Error {
  override readonly name = "ServerRefusal";
  readonly status: number;
  /** Of the error table; empty: the answer is not the server's own, as a proxy's. */
  readonly code: string;
  /** What to do; null: an earlier server, or no server of ours. */
  readonly hint: string | null;

  constructor(status: number, body: unknown) {
    const { message, code, hint } = errorIn(body);
    const words = textOf(message) ?? textOf(body);
    super(`the actions server answered ${status}${words === undefined ? "" : `: ${words}`}`);
    this.status = status;
    this.code = textOf(code) ?? "";
    this.hint = textOf(hint) ?? null;
  }
}

/**
 * Asks, and returns the reply of the route. Its form is not checked: servers of an earlier version may lack members.
 *
 * @throws ServerRefusal for any other answer, and whatever `send` throws
 */
export async function askRoute<Name extends RouteName>(
  send: SendCall,
  question: Question<Name>,
): Promise<Answer<Name>> {
  const { route, params, query, body }: AnyQuestion = question;
  const { method, path, replies }: Route = ROUTES[route];
  const answer = await send({
    method,
    path: fillIn(path, params) + toQuery(query),
    ...(body === undefined ? {} : { body }),
  });
  const isSuccess = answer.status >= 200 && answer.status < 300;
  const hasReply = 204 in replies || isObject(answer.body);
  if (isSuccess && hasReply) return answer.body as Answer<Name>;
  throw new ServerRefusal(answer.status, answer.body);
}

const LONGEST = 300;

interface AnyQuestion {
  readonly route: RouteName;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

function fillIn(path: string, params: AnyQuestion["params"] = {}): string {
  return path.replaceAll(/:([a-z_]+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ""),
  );
}

function toQuery(query: AnyQuestion["query"] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return text === "" ? "" : `?${text}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** In the form of ErrorReply, as far as it is. */
function errorIn(body: unknown): Readonly<Record<string, unknown>> {
  return isObject(body) && isObject(body["error"]) ? body["error"] : {};
}

/** In one line; of a proxy's page its first words. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  return value.replaceAll(/\s+/g, " ").trim().slice(0, LONGEST) || undefined;
}
