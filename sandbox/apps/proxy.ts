/**
 * Zendesk's proxy for requests of apps to other hosts. Secure settings are filled in here, never in the browser, and
 * only where the manifest allows it. The statuses of refusals are inferred, but for the 403 of another account.
 */
import type { Json } from "#zis/model/json";
import { ZendeskRefusal } from "../zendesk/errors.ts";
import { type Manifest, plain } from "./manifest.ts";

export interface ProxyRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly secure: boolean;
}

const TIMEOUT_MS = 30_000;
/** What is the proxy's own or the person's. */
const DROPPED = ["cookie", "host", "content-length", "connection", "origin", "referer"];

/**
 * The request as it goes out.
 * @throws ZendeskRefusal where the manifest does not let it
 */
export function fillIn(
  request: ProxyRequest,
  manifest: Manifest,
  settings: Readonly<Record<string, Json>>,
): ProxyRequest {
  const used = new Set<string>();
  const fill = (text: string, scope: string) =>
    request.secure
      ? text.replace(/\{\{setting\.(\w+)\}\}/g, (_all, name: string) => {
          const parameter = manifest.parameters.find((one) => one.name === name);
          if (!parameter || settings[name] === undefined) throw refused(`no setting ${name}`);
          if (parameter.secure) used.add(name);
          if (parameter.scopes && !parameter.scopes.includes(scope)) {
            throw refused(`setting ${name} may not be used in ${scope}`);
          }
          return plain(settings[name]);
        })
      : text;
  const url = fill(request.url, "url");
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw refused(`${request.url} is not an address`);
  if (parsed.hostname.endsWith(".zendesk.com")) {
    throw new ZendeskRefusal(403, { error: "Forbidden", description: "not a proxyable URI" });
  }
  const headers = Object.entries(request.headers)
    .filter(([name]) => !DROPPED.includes(name.toLowerCase()))
    .map(([name, value]) => [name, fill(value, "header")] as const);
  const body = request.body === undefined ? undefined : fill(request.body, "body");
  if (used.size > 0 && !isWhitelisted(parsed.hostname, manifest.domainWhitelist)) {
    throw refused(`${parsed.hostname} is not in the manifest's domainWhitelist`);
  }
  const filled = { ...request, url, headers: Object.fromEntries(headers) };
  return body === undefined ? filled : { ...filled, body };
}

/** Sends it on. An unreachable host is a 502, too slow a one a 504. */
export async function sendOn(request: ProxyRequest, send: typeof fetch): Promise<Response> {
  const { url, method, headers, body } = request;
  try {
    return await send(url, {
      method,
      headers,
      redirect: "follow",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body }),
    });
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    throw new ZendeskRefusal(late ? 504 : 502, {
      error: late ? "GatewayTimeout" : "BadGateway",
      description: `${new URL(url).host} did not answer`,
    });
  }
}

function isWhitelisted(host: string, whitelist: readonly string[]): boolean {
  return whitelist.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

function refused(description: string): ZendeskRefusal {
  return new ZendeskRefusal(422, { error: "UnprocessableEntity", description });
}
