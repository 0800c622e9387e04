/** Which calls are of one kind, whatever record they are about. */
import type { OutboundRequest } from "./send.ts";

/** Method and path without ids, such as `PUT /api/#/tickets/#`: a part of the path with a digit is one. */
export function endpointOf({ method, url }: Pick<OutboundRequest, "method" | "url">): string {
  return `${method} ${new URL(url).pathname.replace(/[^/]*\d[^/]*/g, "#")}`;
}
