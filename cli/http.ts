/** How the command makes an HTTP call: with one deadline, and waiting when a rate limit is reached. */
import { isJsonObject } from "#zis/model/json";
import { textOf } from "#install/ask";
import type { ApiAnswer, ApiCall, CallApi } from "#install/zendesk-api";

export interface HttpOptions {
  /** Without a slash at the end. */
  readonly origin: string;
  /** Asked for each call. */
  readonly authorization: () => Promise<string>;
  readonly sleep: (ms: number) => Promise<void>;
}

const CALL_MS = 30_000;
const TRIES = 4;
const MAX_WAIT_SECONDS = 60;

/** Calls one origin. A call that got 429 was not processed, so it is repeated, whatever its method. */
export function createHttp({ origin, authorization, sleep }: HttpOptions): CallApi {
  return async (call) => {
    for (let attempt = 1; ; attempt++) {
      const response = await send(origin, call, await authorization());
      const text = await response.text();
      if (response.status !== 429 || attempt === TRIES) {
        return { status: response.status, body: parse(text) } satisfies ApiAnswer;
      }
      await sleep(waitSeconds(response.headers.get("retry-after")) * 1_000);
    }
  };
}

/** How long a rate limit asks to wait, from one second to a minute; anything unreadable counts as one second. */
function waitSeconds(retryAfter: string | null): number {
  const seconds = Number(retryAfter);
  return seconds >= 1 ? Math.min(seconds, MAX_WAIT_SECONDS) : 1;
}

async function send(origin: string, call: ApiCall, authorization: string): Promise<Response> {
  const { method, path, body } = call;
  try {
    return await fetch(`${origin}${path}`, {
      method,
      headers: {
        accept: "application/json",
        ...(authorization === "" ? {} : { authorization }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A credential is for this origin only.
      redirect: "manual",
      signal: AbortSignal.timeout(CALL_MS),
    });
  } catch (error) {
    throw new Error(`No answer from ${origin}: ${reason(error)}`, { cause: error });
  }
}

function reason(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === "TimeoutError") return `nothing came within ${CALL_MS / 1_000} seconds`;
  if (!(cause instanceof Error)) return message;
  const { code } = cause as NodeJS.ErrnoException;
  return cause.message === "" ? (code ?? message) : cause.message;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What went wrong according to Zendesk's answer, with its status; one line. */
export function answerText({ status, body }: ApiAnswer): string {
  const text = textOf(body) || (isJsonObject(body) ? JSON.stringify(body).slice(0, 300) : "");
  return `${status} ${text}`.trim();
}
