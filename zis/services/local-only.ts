/** What keeps other machines and other sites away from what needs no sign-in. */
import type { IncomingHttpHeaders } from "node:http";

const LOOPBACK_ADDRESS = /^(::ffff:)?127\.|^::1$/;
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/**
 * Why a request is refused, or undefined. The name in Host must be this machine's too: a site whose name
 * was pointed at it after the fact could read all of it otherwise (DNS rebinding).
 */
export function refusalOf(
  method: string,
  headers: IncomingHttpHeaders,
  remoteAddress: string | undefined,
): string | undefined {
  const host = headers.host ?? "";
  if (!LOOPBACK_ADDRESS.test(remoteAddress ?? "127.0.0.1") || !LOOPBACK_HOST.test(host)) {
    return "This answers the machine that it runs on only: ask it as http://127.0.0.1 or http://localhost.";
  }
  if (method === "GET" || method === "HEAD") return undefined;
  const site = headers["sec-fetch-site"];
  const crossSite = site !== undefined && site !== "same-origin" && site !== "none";
  const { origin } = headers;
  const foreign = origin !== undefined && origin.replace(/^https?:\/\//, "") !== host;
  return crossSite || foreign ? "Requests of other sites are not accepted." : undefined;
}
