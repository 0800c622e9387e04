/** Which calls are of one kind, whatever record they are about. */
import type { OutboundRequest } from "./send.ts";

/** Short words in small letters, as the names of resources are. */
const NAME = /^[a-z_.]{0,24}$/;

/**
 * Method and path without ids and secrets, such as `PUT /api/#/tickets/#`: the path of an inbound webhook is a part of its
 * credential, and this text is logged.
 */
export function endpointOf({ method, url }: Pick<OutboundRequest, "method" | "url">): string {
  const parts = new URL(url).pathname.split("/").map((part) => (NAME.test(part) ? part : "#"));
  return `${method} ${parts.join("/")}`;
}
