/** Starts flows in Zendesk, through the inbound webhooks of ZIS. */
import type { CaseLinkRequestedEvent } from "../contract/webhooks.ts";
import { sendWithRetry } from "../outbound/retry.ts";
import type { Outbound, RemoteCall } from "../outbound/send.ts";
import type { Secret } from "../secret.ts";
import { failureError, isTransientStatus, replyError } from "../zendesk/zendesk-errors.ts";

export interface CaseLinkWebhook {
  /**
   * Hands the event over; what the flow makes of it is never told. An event that is sent twice keeps its `event_id`,
   * and the flow may run twice. Throws ZENDESK_REFUSED or ZENDESK_UNAVAILABLE.
   */
  post(event: CaseLinkRequestedEvent, call: RemoteCall): Promise<void>;
}

interface CaseLinkWebhookOptions {
  /** The full address; its path is a part of the credential. */
  readonly url: Secret;
  readonly username: string;
  readonly password: Secret;
  readonly outbound: Outbound;
  readonly random: () => number;
}

/** Stands for the address in messages. */
const WHERE = "POST to the inbound webhook case_link_requested";

export function createCaseLinkWebhook(options: CaseLinkWebhookOptions): CaseLinkWebhook {
  const { url, username, password, outbound, random } = options;
  const credential = Buffer.from(`${username}:${password.reveal()}`).toString("base64");

  return {
    async post(event, { deadline, requestId }) {
      const result = await sendWithRetry(
        outbound,
        {
          method: "POST",
          url: url.reveal(),
          headers: {
            authorization: `Basic ${credential}`,
            "content-type": "application/json",
            "x-request-id": requestId,
          },
          body: JSON.stringify(event),
        },
        { deadline, random, isTransient: (reply) => isTransientStatus(reply.status) },
      );
      if (result.kind === "failed") throw failureError(result, WHERE);
      // 200 was observed by a third party; the status is not documented.
      if (result.status < 200 || result.status > 299) throw replyError(result, WHERE);
    },
  };
}
