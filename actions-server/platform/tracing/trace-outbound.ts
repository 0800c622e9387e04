/** Records every call to a remote system as a span: its host and how it ended. Addresses may hold secrets, so only the host is recorded. */
import type { Outbound } from "../outbound/send.ts";
import type { Tracing } from "./tracing.ts";

export function traceOutbound(outbound: Outbound, tracing: Tracing): Outbound {
  return {
    ...outbound,
    send: (outgoing, deadline) =>
      tracing.span(
        {
          name: `HTTP ${outgoing.method}`,
          role: "client",
          attributes: {
            "http.request.method": outgoing.method,
            "server.address": new URL(outgoing.url).hostname,
          },
        },
        async (mark) => {
          const result = await outbound.send(outgoing, deadline);
          mark(
            result.kind === "reply"
              ? { "http.response.status_code": result.status }
              : { "error.type": result.reason },
          );
          return result;
        },
      ),
  };
}
