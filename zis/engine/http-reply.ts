/** What the reply to a custom HTTP action becomes in a flow. Source: ZIS developer guide, custom actions. */
import type { Json } from "../model/json.ts";
import { readJsonText, type ReadJson } from "../model/json-text.ts";
import type { Outcome } from "./effects.ts";
import { SWITCHES, type Switches } from "./switches.ts";

export interface HttpReply {
  readonly status: number;
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyText: string;
  readonly elapsedMs: number;
}

export interface ReplyRules {
  readonly emptyReply?: Switches["emptyReply"];
  /** The time against which a Retry-After date counts. */
  readonly now: () => Date;
}

/**
 * A 2xx reply gives its body: parsed when it is JSON, else `{__httpresponse: text}`. Any other status is a
 * runtime error with the documented text; its body is out of reach for the flow. Whether ZIS asks the
 * Content-Type or tries to parse is not documented: this tries to parse. That a 3xx is an error like any
 * other status and is not followed is inferred.
 */
export function replyOutcome(reply: HttpReply, rules: ReplyRules): Outcome {
  const { status, elapsedMs } = reply;
  if (status >= 200 && status < 300) {
    const { value, inexact } = replyResult(reply.bodyText, rules);
    return { ok: true, result: value, ...(inexact.length > 0 && { warnings: inexact }), elapsedMs };
  }
  const retryAfterSeconds = retryAfter(reply.headers, rules.now);
  return {
    ok: false,
    error: `external action failed due to status code: ${status}`,
    status,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    elapsedMs,
  };
}

function replyResult(bodyText: string, rules: ReplyRules): ReadJson {
  if (bodyText === "") {
    return { value: EMPTY_RESULTS[rules.emptyReply ?? SWITCHES.emptyReply.default], inexact: [] };
  }
  try {
    return readJsonText(bodyText);
  } catch {
    return { value: { __httpresponse: bodyText }, inexact: [] };
  }
}

const EMPTY_RESULTS: Readonly<Record<Switches["emptyReply"], Json>> = {
  text: { __httpresponse: "" },
  null: null,
  object: {},
};

function retryAfter(headers: HttpReply["headers"], now: () => Date): number | undefined {
  const value = Object.entries(headers).find(([name]) => name.toLowerCase() === "retry-after")?.[1];
  if (value === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now().getTime()) / 1000));
}
