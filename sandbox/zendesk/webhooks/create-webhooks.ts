/** The account's webhooks: what they are, who is told of an event, and what became of it. */
import type { ZisEvent } from "../events.ts";
import type { TicketRecord } from "../model.ts";
import type { PersonEvent } from "../person-events.ts";
import { createCircuitBreaker, type CircuitBreaker } from "./circuit-breaker.ts";
import { deliver } from "./delivery.ts";
import { toPersonWebhookEvent } from "./person-webhook-event.ts";
import { toWebhookEvent, type WebhookEvent } from "./webhook-event.ts";
import { newWebhookId, type Invocation, type WebhookRecord } from "./webhook-records.ts";
import { webhookSwitches, type WebhookSwitches } from "./webhook-switches.ts";

export interface Webhooks {
  list(): readonly WebhookRecord[];
  get(id: string): WebhookRecord | undefined;
  /** Adds a webhook, or replaces the one with its id. */
  put(webhook: WebhookRecord): void;
  remove(id: string): void;
  /** Those of the last seven days, newest first. */
  invocations(webhookId: string): readonly Invocation[];
  newId(): string;
  /** Tells every active webhook that is subscribed to it. */
  publish(event: WebhookEvent): void;
  publishTicketEvents(
    events: readonly ZisEvent[],
    about: { readonly ticket: TicketRecord | undefined; readonly actorId: number | null },
  ): void;
  publishPersonEvents(events: readonly PersonEvent[]): void;
  /** Invokes one webhook with a body of the caller's, as a trigger does. */
  invoke(webhookId: string, body: string): void;
  /** May be changed while it runs. */
  readonly switches: WebhookSwitches;
  /** Resolves when no delivery is under way or waits for its repetition. */
  idle(): Promise<void>;
}

export interface WebhooksOptions {
  readonly accountId: number;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Default: real time. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

const KEPT_MS = 7 * 86_400_000;

const realWait = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { accountId, now, newId, wait = realWait } = options;
  const webhooks = new Map<string, WebhookRecord>();
  const breakers = new Map<string, CircuitBreaker>();
  const log = new Map<string, Invocation[]>();
  const under = new Set<Promise<void>>();
  const switches = webhookSwitches();
  let serial = 0;
  let deliveries = 0;
  let held: (() => void) | undefined;

  function nextId(): string {
    serial += 1;
    return newWebhookId(serial, now());
  }

  function breakerOf(id: string): CircuitBreaker {
    const known = breakers.get(id);
    if (known) return known;
    const made = createCircuitBreaker({ now, minimum: () => switches.breakerMinimum });
    breakers.set(id, made);
    return made;
  }

  function track(work: Promise<void>): void {
    under.add(work);
    void work.finally(() => under.delete(work));
  }

  function start(webhook: WebhookRecord, body: string): void {
    const invocation: Invocation = {
      id: nextId(),
      webhook_id: webhook.id,
      at: now(),
      status: "accepted",
      latest_completed_at: null,
      attempts: [],
    };
    const since = now().getTime() - KEPT_MS;
    const recent = (log.get(webhook.id) ?? []).filter(({ at }) => at.getTime() > since);
    log.set(webhook.id, [...recent, invocation]);
    const breaker = breakerOf(webhook.id);
    if (!breaker.admit()) {
      invocation.status = "circuit broken";
      return;
    }
    const sent = deliver(webhook, invocation, body, {
      accountId,
      now,
      wait,
      switches,
      newId: nextId,
    });
    track(sent.then(() => breaker.note(invocation.status !== "success")));
  }

  const falls = (every: number) => every > 0 && deliveries % every === 0;

  /** Starts a delivery, unless a switch loses it, doubles it or has it overtaken. */
  function invoke(webhook: WebhookRecord, body: string): void {
    deliveries += 1;
    if (falls(switches.dropEvery)) return;
    const go = () => start(webhook, body);
    const before = held;
    held = undefined;
    if (falls(switches.reorderEvery) && !before) held = go;
    else go();
    before?.();
    if (falls(switches.duplicateEvery)) go();
  }

  function publish(event: WebhookEvent): void {
    const body = JSON.stringify(event);
    for (const webhook of webhooks.values()) {
      if (webhook.status === "active" && webhook.subscriptions.includes(event.type)) {
        invoke(webhook, body);
      }
    }
  }

  return {
    list: () => [...webhooks.values()],
    get: (id) => webhooks.get(id),
    put: (webhook) => void webhooks.set(webhook.id, webhook),
    remove(id) {
      webhooks.delete(id);
      log.delete(id);
      breakers.delete(id);
    },
    invocations: (webhookId) => (log.get(webhookId) ?? []).toReversed(),
    newId: nextId,
    publish,
    publishTicketEvents(events, { ticket, actorId }) {
      if (webhooks.size === 0) return;
      for (const event of events) {
        publish(toWebhookEvent(event, { accountId, id: newId(), ticket, actorId }));
      }
    },
    publishPersonEvents(events) {
      if (webhooks.size === 0) return;
      for (const event of events) publish(toPersonWebhookEvent(event, accountId, newId()));
    },
    invoke(webhookId, body) {
      const webhook = webhooks.get(webhookId);
      if (webhook?.status === "active") invoke(webhook, body);
    },
    switches,
    async idle() {
      const last = held;
      held = undefined;
      last?.();
      while (under.size > 0) await Promise.all(under);
    },
  };
}
