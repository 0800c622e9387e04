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
export function outgoingRequest(
  effect: HttpEffect,
  zendeskOrigin: string,
): OutgoingRequest | { readonly problem: string } {
  const { method, body } = effect;
  const target = effect.url ?? `${zendeskOrigin}${effect.path ?? ""}`;
  if (!URL.canParse(target)) return { problem: `external action failed: ${target} is no URL` };
  const url = new URL(target);
  for (const [key, value] of effect.query) url.searchParams.append(key, value);
  const bodyText = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const headers: Record<string, string> = {};
  if (bodyText !== undefined) headers["content-type"] = "application/json";
  for (const [name, value] of effect.headers) headers[name.toLowerCase()] = value;
  return { method, url, headers, bodyText };
}
