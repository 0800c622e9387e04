/** What keeps other sites away from a page that needs no sign-in. */
import { createHash } from "node:crypto";
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
