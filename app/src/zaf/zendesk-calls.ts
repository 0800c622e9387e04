/** Zendesk's APIs as the signed-in administrator, and by a token of the integration where a session is not taken. */
import { createZendeskCalls } from "#install/integration-token";
import type { CallApi } from "#install/zendesk-api";
import { callZendeskBy } from "./call.ts";
import type { ZafClient } from "./client.ts";

export interface ZendeskCalls {
  readonly call: CallApi;
  /** Revokes the integration's token, if one was made. */
  readonly close: () => Promise<void>;
}

/**
 * Configs and connections take an administrator's session; inbound webhooks and links are documented for tokens of the
 * integration only. So the session is tried first, and a token made for the services that refuse it.
 */
export function createAppCalls(
  client: Pick<ZafClient, "request">,
  integration: string,
): ZendeskCalls {
  const asAccount = callZendeskBy(client);
  const byToken = createZendeskCalls({
    integration,
    asAccount,
    withBearer: (token) => callZendeskBy(client, { Authorization: `Bearer ${token}` }),
  });
  const refusing = new Set<string>();
  return {
    async call(request) {
      if (request.as !== "integration") return asAccount(request);
      const service = serviceOf(request.path);
      if (!refusing.has(service)) {
        const answer = await asAccount(request);
        if (answer.status !== 401) return answer;
        refusing.add(service);
      }
      return byToken.call(request);
    },
    close: () => byToken.close(),
  };
}

/** Such as `/api/services/zis/inbound_webhooks`. */
function serviceOf(path: string): string {
  return path.split(/[/?]/, 5).join("/");
}
