/** Starts flows in Zendesk, through the inbound webhooks of ZIS. */
import {
  CASE_LINK_REQUESTED,
  SETTINGS_SYNC,
  type CaseLinkRequestedEvent,
} from "#contract/webhooks";
import { sendWithRetry } from "#platform/outbound/retry";
import type { Outbound, RemoteCall } from "#platform/outbound/send";
import type { Secret } from "#platform/secret";
import { failureError, isTransientStatus, replyError } from "#remotes/zendesk/zendesk-errors";

export interface CaseLinkWebhook {
  /**
   * Sends the event; the flow's outcome remains unknown. An event that is sent twice keeps its `event_id`,
   * and the flow may run twice. Throws ZENDESK_REFUSED or ZENDESK_UNAVAILABLE.
   */
  post(event: CaseLinkRequestedEvent, call: RemoteCall): Promise<void>;
}

export interface SettingsSyncWebhook {
  /** Starts the flow that hands over the settings. Throws the same errors. */
  post(event: { readonly event_id: string }, call: RemoteCall): Promise<void>;
}

interface WebhookOptions {
  /** The full address; its path is part of the credential. */
  readonly url: Secret;
  readonly username: string;
  readonly password: Secret;
  readonly outbound: Outbound;
  readonly random: () => number;
}

export function createCaseLinkWebhook(options: WebhookOptions): CaseLinkWebhook {
  return { post: createPost(CASE_LINK_REQUESTED, options) };
}

export function createSettingsSyncWebhook(options: WebhookOptions): SettingsSyncWebhook {
  return { post: createPost(SETTINGS_SYNC, options) };
}

function createPost(name: string, options: WebhookOptions) {
  const { url, username, password, outbound, random } = options;
  const credential = Buffer.from(`${username}:${password.reveal()}`).toString("base64");
  // Used in messages instead of the address.
  const where = `POST to the inbound webhook ${name}`;

  return async (event: object, { deadline, requestId, priority }: RemoteCall): Promise<void> => {
    const result = await sendWithRetry(
      outbound,
      {
        method: "POST",
        url: url.reveal(),
        priority,
        headers: {
          authorization: `Basic ${credential}`,
          "content-type": "application/json",
          "x-request-id": requestId,
        },
        body: JSON.stringify(event),
      },
      { deadline, random, isTransient: (reply) => isTransientStatus(reply.status) },
    );
    if (result.kind === "failed") throw failureError(result, where);
    // 200 was observed by a third party; the status is not documented.
    if (result.status < 200 || result.status > 299) throw replyError(result, where);
  };
}
