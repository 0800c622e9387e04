/** Notifies the people who run CaseQA: through their webhook, by e-mail through their mail server, or both. */
import { createTransport } from "nodemailer";
import { createDeadline } from "#platform/deadline";
import type { Log } from "#platform/log";
import { sendWithRetry } from "#platform/outbound/retry";
import { describeFailure, type Outbound } from "#platform/outbound/send";
import type { Secret } from "#platform/secret";

export interface Alert {
  /** `silent`: no flow has called for too long. `heard_again`: flows reach the server again. */
  readonly event: "silent" | "heard_again";
  readonly account: string;
  /** ISO 8601: since when no flow has called, or when one called again. */
  readonly since: string;
  /** One or two sentences for people; chat tools display the member of this name. */
  readonly text: string;
}

/** Resolves when one of the configured ways worked, or none is configured; rejects when none worked. */
export type Notify = (alert: Alert) => Promise<void>;

interface NotifyOptions {
  readonly webhookUrl: Secret | undefined;
  readonly mail:
    | { readonly to: string; readonly from: string; readonly smtpUrl: Secret }
    | undefined;
  readonly outbound: Outbound;
  readonly random: () => number;
  readonly log: Log;
}

const BUDGET_MS = 20_000;

export function createNotify({ webhookUrl, mail, outbound, random, log }: NotifyOptions): Notify {
  async function post(url: Secret, alert: Alert): Promise<void> {
    const deadline = createDeadline(BUDGET_MS);
    try {
      const result = await sendWithRetry(
        outbound,
        {
          method: "POST",
          url: url.reveal(),
          headers: { "content-type": "application/json" },
          body: JSON.stringify(alert),
        },
        { deadline, random, isTransient: ({ status }) => status === 429 || status >= 500 },
      );
      if (result.kind === "failed") {
        throw new Error(`the address of ALERT_WEBHOOK_URL ${describeFailure(result)}`);
      }
      if (result.status < 200 || result.status > 299) {
        throw new Error(`the address of ALERT_WEBHOOK_URL answered ${result.status}`);
      }
    } finally {
      deadline.clear();
    }
  }

  async function send(to: NonNullable<typeof mail>, alert: Alert): Promise<void> {
    // `connectionTimeout` and the like are for a mail server that never answers.
    const transport = createTransport({
      url: to.smtpUrl.reveal(),
      connectionTimeout: BUDGET_MS,
      greetingTimeout: BUDGET_MS,
      socketTimeout: BUDGET_MS,
    });
    const [subject = alert.text] = alert.text.split(/(?<=\.) /, 1);
    try {
      await transport.sendMail({ from: to.from, to: to.to, subject, text: `${alert.text}\n` });
    } finally {
      transport.close();
    }
  }

  return async (alert) => {
    const ways = [
      ...(webhookUrl ? [post(webhookUrl, alert)] : []),
      ...(mail ? [send(mail, alert)] : []),
    ];
    const results = await Promise.allSettled(ways);
    const failures = results.filter((result) => result.status === "rejected");
    for (const { reason } of failures) {
      log.warn({ err: reason as unknown, event: alert.event }, "an alert was not delivered");
    }
    if (failures.length > 0 && failures.length === results.length) {
      throw new Error("an alert reached nobody", { cause: failures[0]?.reason });
    }
  };
}
