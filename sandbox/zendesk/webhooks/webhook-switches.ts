/** Switches of the webhooks' sender. Every `…Every` of 0 is off; 20 is one in twenty. */

export interface WebhookSwitches {
  /** How long a receiver may take. Seen: 12 s; other guides say 10. */
  timeoutSeconds: number;
  /** How often a delivery is repeated after a timeout. UNVERIFIED. */
  timeoutRetries: number;
  /** How often after a 409, or a 429 or 503 that says within a minute when to come again. */
  retries: number;
  /** Deliveries in five minutes from which the share of errors can break the circuit. */
  breakerMinimum: number;
  duplicateEvery: number;
  dropEvery: number;
  /** Such a delivery waits until the next one has gone out. */
  reorderEvery: number;
}

export function webhookSwitches(): WebhookSwitches {
  return {
    timeoutSeconds: 12,
    timeoutRetries: 5,
    retries: 3,
    breakerMinimum: 100,
    duplicateEvery: 0,
    dropEvery: 0,
    reorderEvery: 0,
  };
}
