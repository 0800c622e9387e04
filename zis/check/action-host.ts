/** Where a custom action sends its request, as far as its definition says. */
import type { JsonObject } from "../model/json.ts";
import { text } from "./context.ts";

export type ActionHost =
  /** The account's own Zendesk. */
  | { readonly kind: "own" }
  | { readonly kind: "host"; readonly host: string }
  /** The flow's data decide; `host` is what stands there. */
  | { readonly kind: "data"; readonly host: string }
  | { readonly kind: "none" };

/** The account's own host, spelled as a URL. */
const OWN_HOST = /^(?:\{\{\$\.subdomain\}\}\.)(?:\{\{\$\.zendeskHost\}\}|zendesk\.com)$/;
/** Zendesk's own domain; `{{$.x}}` can stand only for the account. */
const OF_ZENDESK = /^(?:[a-z0-9-]+|\{\{\$[^{}]*\}\})\.zendesk\.com$/i;

/** The host of an action's definition. */
export function hostOf(definition: JsonObject): ActionHost {
  if (text(definition["path"]) !== undefined || text(definition["path.$"]) !== undefined) {
    return { kind: "own" };
  }
  const url = text(definition["url"]) ?? text(definition["url.$"]);
  if (url === undefined) return { kind: "none" };
  const host = /^https?:\/\/([^/?#]*)/.exec(url)?.[1] ?? /^(?:\{\{|\$)[^/?#]*/.exec(url)?.[0];
  if (host === undefined) return { kind: "none" };
  if (OWN_HOST.test(host) || OF_ZENDESK.test(host)) return { kind: "own" };
  return { kind: host.includes("{{") || host.startsWith("$") ? "data" : "host", host };
}

/** The domain that a host belongs to, as one organization owns it: `api.example.co.uk` -> `example.co.uk`. */
export function siteOf(host: string): string {
  const labels = host.replace(/^.*@/, "").replace(/:\d*$/, "").toLowerCase().split(".");
  const [second = "", top = ""] = labels.slice(-2);
  const isCountry = top.length === 2 && /^(?:co|com|org|net|gov|ac|edu)$/.test(second);
  return labels.slice(isCountry ? -3 : -2).join(".");
}
