/** What keeps other sites away from a page that needs no sign-in. */
import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { styleSheet } from "../graph/theme.ts";

/** The pictures carry their style sheet with them; it is the only inline style that is let in. */
const PICTURE_STYLE = `'sha256-${createHash("sha256").update(styleSheet()).digest("base64")}'`;

/** Sent with every answer of the page: nothing inline, nothing from elsewhere, in nobody's frame. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${PICTURE_STYLE}`,
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  // Not no-referrer: browsers would then send forms with the Origin null.
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
};

const LOOPBACK_ADDRESS = /^(::ffff:)?127\.|^::1$/;
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/**
 * Why a request is refused, or undefined. The name in Host must be this machine's too: a site whose name
 * was pointed at it after the fact could read the page otherwise (DNS rebinding).
 */
export function refusalOf(
  method: string,
  headers: IncomingHttpHeaders,
  remoteAddress: string | undefined,
): string | undefined {
  const host = headers.host ?? "";
  if (!LOOPBACK_ADDRESS.test(remoteAddress ?? "127.0.0.1") || !LOOPBACK_HOST.test(host)) {
    return "This page answers the machine that it runs on only: open it as http://127.0.0.1 or http://localhost.";
  }
  if (method === "GET" || method === "HEAD") return undefined;
  const site = headers["sec-fetch-site"];
  const crossSite = site !== undefined && site !== "same-origin" && site !== "none";
  const { origin } = headers;
  const foreign = origin !== undefined && origin.replace(/^https?:\/\//, "") !== host;
  return crossSite || foreign ? "Forms of other sites are not accepted." : undefined;
}
