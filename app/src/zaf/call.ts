/** Calls through the SDK: to Zendesk as the signed-in user, and to our server with a session. */
import type { ApiAnswer, ApiCall, CallApi } from "#install/zendesk-api";
import type { Session } from "./session.ts";
import type { ZafClient, ZafRequest, ZafResponse } from "./client.ts";

/**
 * Calls Zendesk's own APIs: the host page adds the user's session, so there is no credential here.
 *
 * @param headers a credential to use instead of the session
 */
export function callZendeskBy(
  client: Pick<ZafClient, "request">,
  headers: Readonly<Record<string, string>> = {},
): CallApi {
  return (call) => send(client, requestOf(call, call.path, headers));
}

/**
 * Calls our server through Zendesk's proxy. When the server no longer accepts the session, a new one is requested, once.
 *
 * @throws Error when no session can be obtained
 */
export function callServerBy(
  client: Pick<ZafClient, "request">,
  serverUrl: string,
  session: Session,
): CallApi {
  const attempt = async (call: ApiCall, token: string): Promise<ApiAnswer> =>
    send(client, requestOf(call, `${serverUrl}${call.path}`, { Authorization: `Bearer ${token}` }));
  return async (call) => {
    const token = await session.token();
    const answer = await attempt(call, token);
    if (answer.status !== 401) return answer;
    session.drop(token);
    return attempt(call, await session.token());
  };
}

/** One call with a server token, before there is a session or to try a token. */
export function callServerOnce(
  client: Pick<ZafClient, "request">,
  serverUrl: string,
  serverToken: string,
  call: ApiCall,
): Promise<ApiAnswer> {
  const headers = { Authorization: `Bearer ${serverToken}` };
  return send(client, requestOf(call, `${serverUrl}${call.path}`, headers));
}

function requestOf(
  { method, body }: ApiCall,
  url: string,
  headers: Readonly<Record<string, string>>,
): ZafRequest {
  return {
    url,
    type: method,
    headers,
    httpCompleteResponse: true,
    autoRetry: false,
    ...(body === undefined ? {} : { contentType: "application/json", data: JSON.stringify(body) }),
  };
}

/** A refusal is an answer too; only what carries no status is a failure. */
async function send(client: Pick<ZafClient, "request">, request: ZafRequest): Promise<ApiAnswer> {
  try {
    return answerOf(await client.request(request));
  } catch (error) {
    if (isResponse(error)) return answerOf(error);
    throw new Error(`no answer from ${request.url}: ${textOf(error)}`, { cause: error });
  }
}

function isResponse(value: unknown): value is ZafResponse {
  if (typeof value !== "object" || value === null) return false;
  const { status } = value as Partial<ZafResponse>;
  // Browsers report status 0 when nothing was reached.
  return typeof status === "number" && status >= 100;
}

function answerOf({ status, responseJSON, responseText }: ZafResponse): ApiAnswer {
  if (responseJSON !== undefined) return { status, body: responseJSON };
  return { status, body: parsed(responseText ?? "") };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function textOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === "object" && error !== null && "statusText" in error) {
    return String(error.statusText) || "the network did not reach it";
  }
  return String(error);
}
