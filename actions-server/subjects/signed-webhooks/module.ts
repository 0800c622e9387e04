/** Deliveries of signed webhooks. No route accepts any yet; the event relay and the calls will, through `gate.ts`. */
import { worker, type Queue } from "#platform/jobs/queue";
import type { Module } from "#platform/module";
import { createWebhookReceipts, type WebhookReceiptsOptions } from "./receipts.ts";

const PURGE_RECEIPTS: Queue<object> = {
  name: "purge-webhook-receipts",
  timeoutSeconds: 600,
  retries: 2,
  concurrency: 1,
  cron: "27 * * * *",
};

export function createSignedWebhooks(options: WebhookReceiptsOptions): Module {
  const receipts = createWebhookReceipts(options);
  return { workers: [worker(PURGE_RECEIPTS, async () => void (await receipts.purge()))] };
}
