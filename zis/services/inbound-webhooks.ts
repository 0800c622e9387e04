/** Addresses at which outside systems post events. Source: ZIS inbound webhooks API. */
import { hexSecret, ulid, urlSecret } from "./secrets.ts";
import { invalid, notFound, serviceError } from "./service-error.ts";
import type { ServiceSwitches } from "./service-switches.ts";
import type { Store } from "./store.ts";

export interface InboundWebhook {
  readonly id: string;
  readonly uuid: string;
  readonly zendesk_account_id: number;
  readonly integration: string;
  readonly source_system: string;
  readonly event_type: string;
  /** Where to post, relative to the account's host. */
  readonly path: string;
  readonly username: string;
  readonly password: string;
}

export interface InboundWebhooks {
  /** The only answer that shows the credential. */
  create(integration: string, sourceSystem: string, eventType: string): InboundWebhook;
  /** By uuid; the id is not accepted. 404 when there is none. */
  show(integration: string, uuid: string): InboundWebhook;
  /** Revokes the credential. 404 when there is none. */
  remove(integration: string, uuid: string): void;
  /**
   * The webhook that may be posted to with this credential. 404 for an address that does not exist, 401
   * for a wrong credential; both inferred.
   */
  authenticate(token: string, authorization: string | undefined): InboundWebhook;
}

export interface InboundWebhooksOptions {
  readonly store: Store;
  readonly accountId: number;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly random: () => number;
  readonly switches: ServiceSwitches;
}

export const INGEST_PATH = "/api/services/zis/inbound_webhooks/generic/ingest/";

/** The inbound webhooks of one account. */
export function createInboundWebhooks(options: InboundWebhooksOptions): InboundWebhooks {
  const { store, accountId, now, newId, random, switches } = options;
  const webhooks = store.collection<InboundWebhook>("inbound_webhooks");

  function show(integration: string, uuid: string): InboundWebhook {
    const webhook = webhooks.get(uuid);
    if (webhook?.integration === integration) return webhook;
    throw notFound("inbound webhook not found");
  }

  return {
    create(integration, sourceSystem, eventType) {
      if (sourceSystem === "support" && switches.supportSource === "refuse") {
        throw invalid(
          "source_system must not be support: it is the source of Zendesk's own events",
        );
      }
      const webhook: InboundWebhook = {
        id: ulid(now(), random),
        uuid: newId(),
        zendesk_account_id: accountId,
        integration,
        source_system: sourceSystem,
        event_type: eventType,
        path: `${INGEST_PATH}${urlSecret(newId)}`,
        username: hexSecret(newId).slice(0, 24),
        password: hexSecret(newId),
      };
      webhooks.set(webhook.uuid, webhook);
      return webhook;
    },
    show,
    remove(integration, uuid) {
      webhooks.delete(show(integration, uuid).uuid);
    },
    authenticate(token, authorization) {
      const path = `${INGEST_PATH}${token}`;
      const webhook = [...webhooks.values()].find((candidate) => candidate.path === path);
      if (!webhook) throw notFound("inbound webhook not found");
      const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
      const credential = Buffer.from(encoded, "base64").toString("utf8");
      if (credential === `${webhook.username}:${webhook.password}`) return webhook;
      throw serviceError(401, "Authentication failed");
    },
  };
}
