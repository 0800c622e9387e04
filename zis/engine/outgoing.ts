/** How a custom action's effect becomes an HTTP request, before any credential is added. */
import type { HttpEffect } from "./effects.ts";

export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. A body is JSON unless the action says otherwise (inferred). */
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyText: string | undefined;
}

/**
 * The request, or why there is none.
 *
 * @param zendeskOrigin the account's own host, where an action with a `path` goes
 */
export function outgoingRequest(effect: HttpEffect, zendeskOrigin: string): Prepared {
  const { method, body } = effect;
  const target = effect.url ?? `${zendeskOrigin}${effect.path ?? ""}`;
  if (!URL.canParse(target)) return { problem: `external action failed: ${target} is not a URL` };
  const url = new URL(target);
  if (effect.url === undefined && url.origin !== new URL(zendeskOrigin).origin) {
    return { problem: `external action failed: the path ${effect.path} leads away from Zendesk` };
  }
  for (const [key, value] of effect.query) url.searchParams.append(key, value);
  const bodyText = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const headers = bodyText === undefined ? {} : { "content-type": "application/json" };
  let request: Prepared = { method, url, headers, bodyText };
  for (const [name, value] of effect.headers) {
    if ("problem" in request) break;
    request = withHeader(request, name, value);
  }
  return request;
}

type Prepared = OutgoingRequest | { readonly problem: string };

/** What the name of a header may be: a token of RFC 9110. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i;

/** Control characters: with a line break a value would become further headers. */
// oxlint-disable-next-line no-control-regex
const NO_HEADER_VALUE = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** The request with one more header, or why it cannot be sent. That ZIS refuses it too is inferred. */
export function withHeader(request: OutgoingRequest, name: string, value: string): Prepared {
  if (!HEADER_NAME.test(name)) {
    return {
      problem: `external action failed: ${JSON.stringify(name)} is not the name of a header`,
    };
  }
  if (NO_HEADER_VALUE.test(value)) {
    return {
      problem: `external action failed: the value of the header ${name} has a line break or another control character`,
    };
  }
  return { ...request, headers: { ...request.headers, [name.toLowerCase()]: value } };
}
