/**
 * Sends one invocation of a webhook: signed, with Zendesk's time limit and repetitions. Sources: Zendesk pages "Verifying" (signature)
 * and "Anatomy of a webhook request" (headers); which answers are repeated: zendesk-apis 7.4, where marks say what is certain.
 */
import { createHmac } from "node:crypto";
import { toSecondPrecision } from "../../clock.ts";
import type { Attempt, Invocation, InvocationStatus, WebhookRecord } from "./webhook-records.ts";
import type { WebhookSwitches } from "./webhook-switches.ts";

export interface DeliveryOptions {
  readonly accountId: number;
  readonly now: () => Date;
  /** Waits before a repetition, in milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly switches: WebhookSwitches;
  readonly newId: () => string;
}

const LONGEST_RETRY_AFTER_SECONDS = 60;
const PAUSE_AFTER_CONFLICT_MS = 1_000;
const LARGEST_KEPT_ANSWER = 10_000;

/** `base64(HMAC-SHA256(secret, timestamp + body))`, with nothing in between. */
function signWebhook(secret: string, timestamp: string, body: string): string {
  return createHmac("sha256", secret)
    .update(timestamp + body)
    .digest("base64");
}

function authorize({ authentication }: WebhookRecord): Record<string, string> {
  if (!authentication) return {};
  const { type, data } = authentication;
  const value = (name: string) => data[name] ?? "";
  if (type === "bearer_token") return { authorization: `Bearer ${value("token")}` };
  if (type === "api_key") return { [value("name")]: value("value") };
  const basic = Buffer.from(`${value("username")}:${value("password")}`).toString("base64");
  return { authorization: `Basic ${basic}` };
}

interface Answered {
  readonly status: InvocationStatus;
  readonly code: number | null;
  readonly retryAfter: number | undefined;
  readonly payload: string | undefined;
}

function statusOf(code: number): InvocationStatus {
  if (code < 300) return "success";
  if (code === 429) return "throttled";
  return code >= 500 ? "server error" : code >= 400 ? "client error" : "failed";
}

async function send(
  webhook: WebhookRecord,
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
): Promise<Answered> {
  try {
    const response = await fetch(webhook.endpoint, {
      method: webhook.http_method,
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === "" ? {} : { body }),
    });
    const payload = (await response.text()).slice(0, LARGEST_KEPT_ANSWER);
    const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
    return {
      status: statusOf(response.status),
      code: response.status,
      retryAfter: Number.isNaN(retryAfter) ? undefined : retryAfter,
      payload,
    };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    const status = timedOut ? "timeout" : "failed";
    return { status, code: null, retryAfter: undefined, payload: undefined };
  }
}

/** How long to wait before the next attempt, in milliseconds; undefined: there is none. */
function pauseAfter(
  { status, code, retryAfter }: Answered,
  attempts: number,
  switches: WebhookSwitches,
): number | undefined {
  if (status === "timeout") return attempts <= switches.timeoutRetries ? 0 : undefined;
  if (attempts > switches.retries) return undefined;
  if (code === 409) return PAUSE_AFTER_CONFLICT_MS;
  if ((code === 429 || code === 503) && retryAfter !== undefined) {
    return retryAfter < LONGEST_RETRY_AFTER_SECONDS ? retryAfter * 1_000 : undefined;
  }
  return undefined;
}

/** Sends until an answer is final, and writes every attempt into the invocation. Never throws. */
export async function deliver(
  webhook: WebhookRecord,
  invocation: Invocation,
  body: string,
  options: DeliveryOptions,
): Promise<void> {
  const { now, switches } = options;
  for (;;) {
    const invokedAt = now();
    const timestamp = toSecondPrecision(invokedAt);
    const headers: Record<string, string> = {
      "content-type": "application/json; charset=utf-8",
      "user-agent": "Zendesk Webhook",
      ...webhook.custom_headers,
      ...authorize(webhook),
      "x-zendesk-account-id": String(options.accountId),
      "x-zendesk-webhook-id": webhook.id,
      "x-zendesk-webhook-invocation-id": invocation.id,
      "x-zendesk-webhook-signature": signWebhook(webhook.secret, timestamp, body),
      "x-zendesk-webhook-signature-timestamp": timestamp,
    };
    const answered = await send(webhook, headers, body, switches.timeoutSeconds * 1_000);
    const completed = toSecondPrecision(now());
    const attempt: Attempt = {
      id: options.newId(),
      invocation_id: invocation.id,
      status: answered.status,
      status_code: answered.code,
      invoked_at: timestamp,
      completed_at: completed,
      request: {
        endpoint: webhook.endpoint,
        http_method: webhook.http_method,
        payload: body,
        headers: Object.entries(headers)
          .filter(([key]) => key !== "authorization")
          .map(([key, value]) => ({ key, value })),
      },
      response: answered.payload === undefined ? null : { payload: answered.payload },
    };
    invocation.attempts.push(attempt);
    invocation.status = answered.status;
    invocation.latest_completed_at = completed;
    const pause = pauseAfter(answered, invocation.attempts.length, switches);
    if (pause === undefined) return;
    await options.wait(pause);
  }
}
