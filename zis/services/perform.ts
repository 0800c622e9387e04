/** How one run's effects are performed: real HTTP with the integration's connections, the stores, jq. */
import { type Dispatcher, request } from "undici";
import type { Effect, HttpEffect, Outcome, Perform } from "../engine/effects.ts";
import { replyOutcome } from "../engine/http-reply.ts";
import type { Jq } from "../engine/jq.ts";
import { outgoingRequest, type OutgoingRequest, withHeader } from "../engine/outgoing.ts";
import type { Switches } from "../engine/switches.ts";
import { type BuiltInStores, performBuiltIn } from "./built-ins.ts";
import { type Connection, type Connections, credentialHeader, mayReceive } from "./connections.ts";
import type { OAuthConnections } from "./oauth-connections.ts";
import type { RunRequest } from "./runs.ts";

export interface PerformOptions extends BuiltInStores {
  readonly connections: Connections;
  readonly oauthConnections: OAuthConnections;
  readonly jq: Jq;
  readonly dispatcher: Dispatcher;
  readonly zendeskOrigin: () => string;
  readonly now: () => Date;
  readonly switches: Partial<Switches>;
  /** Milliseconds, by which requests are timed. */
  readonly stopwatch: () => number;
  /** Longest a request may take, in milliseconds; the flow's own time ends it too. */
  readonly actionTimeoutMs: number;
  /** Largest reply that is read, in bytes. Zendesk's own limit is not public. */
  readonly largestReply: number;
}

/** What an HTTP call came to, before it is an outcome. */
type Reply =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly bodyText: string;
    }
  | { readonly problem: string };

/** A performer for the flows of one integration; `record` gets every request. */
export function createPerform(
  options: PerformOptions,
  integration: string,
  record: (request: RunRequest) => void,
): Perform {
  return async (effect: Effect, signal, remainingMs) => {
    switch (effect.kind) {
      case "builtin":
        return performBuiltIn(effect, integration, options);
      case "jq":
        return options.jq.perform(effect, signal);
      case "http":
        break;
    }
    return performHttp(options, integration, { effect, signal, remainingMs }, record);
  };
}

interface Call {
  readonly effect: HttpEffect;
  readonly signal: AbortSignal;
  readonly remainingMs: number;
}

async function performHttp(
  options: PerformOptions,
  integration: string,
  { effect, signal, remainingMs }: Call,
  record: (request: RunRequest) => void,
): Promise<Outcome> {
  const started = options.stopwatch();
  const prepared = await prepare(options, integration, effect);
  if ("problem" in prepared) return { ok: false, error: prepared.problem, elapsedMs: 0 };
  const reply = await exchange(options, prepared, signal);
  const elapsedMs = options.stopwatch() - started;
  const sent = {
    action: effect.actionName,
    method: prepared.method,
    url: prepared.url.href,
    headers: prepared.headers,
    body: prepared.bodyText ?? null,
    elapsedMs,
  };
  if ("problem" in reply) {
    record({ ...sent, status: null, replayed: false, problem: reply.problem });
    return { ok: false, error: reply.problem, elapsedMs };
  }
  const replayed = reply.headers["idempotency-replayed"] === "true";
  // A reply that comes after the flow's end is nobody's.
  record({ ...sent, status: elapsedMs <= remainingMs ? reply.status : null, replayed });
  const { emptyReply } = options.switches;
  return replyOutcome(
    { ...reply, elapsedMs },
    { now: options.now, ...(emptyReply !== undefined && { emptyReply }) },
  );
}

/** The request with its credential, or why it is not sent. */
async function prepare(
  options: PerformOptions,
  integration: string,
  effect: HttpEffect,
): Promise<OutgoingRequest | { readonly problem: string }> {
  const outgoing = outgoingRequest(effect, options.zendeskOrigin());
  if ("problem" in outgoing || effect.connectionName === undefined) return outgoing;
  const connection = await usable(options, integration, effect.connectionName);
  if ("problem" in connection) return connection;
  if (!mayReceive(connection, outgoing.url)) {
    return {
      problem: `the connection "${connection.name}" must not be used for the host ${outgoing.url.host}`,
    };
  }
  const [name, value] = credentialHeader(connection);
  return withHeader(outgoing, name, value);
}

/** The connection, an OAuth one with a token that is not expired. */
async function usable(
  { connections, oauthConnections }: PerformOptions,
  integration: string,
  name: string,
): Promise<Connection | { readonly problem: string }> {
  const connection = connections.find(integration, name);
  if (!connection) return { problem: `the connection named "${name}" does not exist` };
  if (connection.type !== "oauth") return connection;
  try {
    return await oauthConnections.renewed(connection);
  } catch (error) {
    return { problem: `the connection "${name}" cannot be renewed: ${reasonOf(error)}` };
  }
}

async function exchange(
  { dispatcher, actionTimeoutMs, largestReply }: PerformOptions,
  { method, url, headers, bodyText }: OutgoingRequest,
  signal: AbortSignal,
): Promise<Reply> {
  const timeout = AbortSignal.timeout(actionTimeoutMs);
  try {
    const reply = await request(url, {
      dispatcher,
      method,
      headers,
      body: bodyText ?? null,
      signal: AbortSignal.any([signal, timeout]),
    });
    const text = await limitedText(reply.body, largestReply);
    if (text === undefined) return { problem: `external action failed: ${TOO_LARGE}` };
    return { status: reply.statusCode, headers: flat(reply.headers), bodyText: text };
  } catch (error) {
    if (timeout.aborted) return { problem: "external action failed: the request timed out" };
    return { problem: `external action failed: ${reasonOf(error)}` };
  }
}

const TOO_LARGE = "the reply is too large";

/** The body as text, or undefined when it is longer than allowed; the rest is then not read. */
async function limitedText(
  body: Dispatcher.ResponseData["body"],
  largest: number,
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function flat(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]),
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
