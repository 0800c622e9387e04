/** How the effects of a flow are performed on a command line: mocks for HTTP, stores in memory, real jq. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Effect, HttpEffect, Outcome, Perform } from "../engine/effects.ts";
import { replyOutcome } from "../engine/http-reply.ts";
import type { Jq } from "../engine/jq.ts";
import { outgoingRequest, type OutgoingRequest, withHeader } from "../engine/outgoing.ts";
import type { Switches } from "../engine/switches.ts";
import type { Json } from "../model/json.ts";
import { type BuiltInStores, performBuiltIn } from "../services/built-ins.ts";
import { credentialHeader, mayReceive } from "../services/connections.ts";
import { maskedCredential } from "../services/mask.ts";
import type { LocalConnections } from "./connections-file.ts";
import type { FindMock } from "./mocks.ts";

/** One HTTP request of a run. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  /** Names in small letters; the one that a connection added without its secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON that was sent, the text if it was none, null without a body. */
  readonly body: Json;
  /** Null when nothing came back. */
  readonly status: number | null;
}

export interface PerformOptions {
  readonly integration: string;
  readonly stores: BuiltInStores;
  readonly connections: LocalConnections;
  readonly jq: Jq;
  readonly findMock: FindMock;
  /** Sends for real what no mock answers. */
  readonly live: boolean;
  /** The delays of mocks take their time. */
  readonly realTime: boolean;
  readonly zendeskOrigin: string;
  readonly emptyReply: Switches["emptyReply"] | undefined;
  readonly now: () => Date;
  /** Told of each request, and of what is worth a warning. */
  readonly onRequest: (request: SentRequest) => void;
  readonly warn: (message: string) => void;
}

/** What a request without a mock is answered with. */
export const UNMATCHED_STATUS = 599;

/** A performer for one run. */
export function createPerform(options: PerformOptions): Perform {
  return async (effect: Effect, signal, remainingMs) => {
    switch (effect.kind) {
      case "builtin":
        return performBuiltIn(effect, options.integration, options.stores);
      case "jq":
        return options.jq.perform(effect, signal);
      case "http":
        break;
    }
    return performHttp(effect, options, signal, remainingMs);
  };
}

async function performHttp(
  effect: HttpEffect,
  options: PerformOptions,
  signal: AbortSignal,
  remainingMs: number,
): Promise<Outcome> {
  const outgoing = credentialed(effect, options);
  if ("problem" in outgoing) return { ok: false, error: outgoing.problem, elapsedMs: 0 };
  if (!options.live && isRefusedByZendesk(outgoing, options)) {
    options.warn(withoutCredential(outgoing.method, outgoing.url.href));
  }
  const reply = await exchange(outgoing, options, signal);
  const { method, url, bodyText, shownHeaders } = outgoing;
  const sent = { method, url: url.href, headers: shownHeaders, body: bodyValue(bodyText) };
  if ("problem" in reply) {
    options.onRequest({ ...sent, status: null });
    return { ok: false, error: reply.problem, elapsedMs: reply.elapsedMs };
  }
  const isInTime = reply.elapsedMs <= remainingMs;
  options.onRequest({ ...sent, status: isInTime ? reply.status : null });
  const { emptyReply, now } = options;
  return replyOutcome(reply, { now, ...(emptyReply !== undefined && { emptyReply }) });
}

/**
 * True for a request to the account's own host without any credential: nothing is added to a `path`. Source:
 * a third party saw 401 "Couldn't authenticate you".
 */
function isRefusedByZendesk({ url, headers }: OutgoingRequest, options: PerformOptions): boolean {
  return url.origin === options.zendeskOrigin && !Object.hasOwn(headers, "authorization");
}

/** What is said of a mocked request that Zendesk itself would refuse. */
export function withoutCredential(method: string, url: string): string {
  return `${method} ${url} is sent without a credential: Zendesk would answer 401`;
}

interface Problem {
  readonly problem: string;
}

interface Credentialed extends OutgoingRequest {
  /** The headers as they may be printed. */
  readonly shownHeaders: OutgoingRequest["headers"];
}

/** The request with the credential of its connection, or why it is not sent. */
function credentialed(effect: HttpEffect, options: PerformOptions): Credentialed | Problem {
  const outgoing = outgoingRequest(effect, options.zendeskOrigin);
  if ("problem" in outgoing) return outgoing;
  if (effect.connectionName === undefined) return { ...outgoing, shownHeaders: outgoing.headers };
  const connection = options.connections.get(effect.connectionName);
  if (!connection) {
    return { problem: `the connection named "${effect.connectionName}" does not exist` };
  }
  if (!mayReceive(connection, outgoing.url)) {
    const host = `the host ${outgoing.url.host}`;
    return { problem: `the connection "${effect.connectionName}" must not be used for ${host}` };
  }
  const [name, value] = credentialHeader(connection);
  const whole = withHeader(outgoing, name, value);
  if ("problem" in whole) return whole;
  const shownHeaders = { ...whole.headers, [name.toLowerCase()]: maskedCredential(value) };
  return { ...whole, shownHeaders };
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyText: string;
  readonly elapsedMs: number;
}

type Exchanged = Reply | (Problem & { readonly elapsedMs: number });

async function exchange(
  outgoing: OutgoingRequest,
  options: PerformOptions,
  signal: AbortSignal,
): Promise<Exchanged> {
  const { method, url } = outgoing;
  const mock = options.findMock(method, url.href);
  if (mock) {
    // Cut off by the flow's end, the sleep rejects; nobody waits for the answer any more.
    if (options.realTime) await sleep(mock.delayMs, undefined, { signal }).catch(() => {});
    return { ...mock, elapsedMs: mock.delayMs };
  }
  if (options.live) return send(outgoing, signal);
  options.warn(`no mock matches ${method} ${url.href}: answered with ${UNMATCHED_STATUS}`);
  return { status: UNMATCHED_STATUS, headers: {}, bodyText: "", elapsedMs: 0 };
}

/** Sends the request over the network. */
async function send(outgoing: OutgoingRequest, signal: AbortSignal): Promise<Exchanged> {
  const { method, url, headers, bodyText } = outgoing;
  const began = performance.now();
  try {
    const reply = await fetch(url, {
      method,
      headers,
      body: bodyText ?? null,
      redirect: "manual",
      signal,
    });
    const text = await reply.text();
    return {
      status: reply.status,
      headers: Object.fromEntries(reply.headers),
      bodyText: text,
      elapsedMs: performance.now() - began,
    };
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    return { problem: `external action failed: ${reason}`, elapsedMs: performance.now() - began };
  }
}

function bodyValue(text: string | undefined): Json {
  if (text === undefined) return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
