/**
 * When a webhook is given a rest. Source: alboz.eu quoting Zendesk: 70 % errors in five minutes, or more than 1,000. The pause of
 * five seconds, the probe after it, and from how many deliveries a share counts are UNVERIFIED.
 */

export interface CircuitBreaker {
  /** Whether a delivery may go out; after the pause, one may. */
  admit(): boolean;
  note(isError: boolean): void;
}

interface CircuitBreakerOptions {
  readonly now: () => Date;
  /** Deliveries in five minutes below which the share of errors does not count. */
  readonly minimum: () => number;
}

const WINDOW_MS = 300_000;
const PAUSE_MS = 5_000;
const MOST_ERRORS = 1_000;
const WORST_SHARE = 0.7;

export function createCircuitBreaker({ now, minimum }: CircuitBreakerOptions): CircuitBreaker {
  let noted: { readonly at: number; readonly isError: boolean }[] = [];
  let openUntil: number | undefined;
  let isProbing = false;

  return {
    admit() {
      if (openUntil === undefined) return true;
      if (isProbing || now().getTime() < openUntil) return false;
      isProbing = true;
      return true;
    },
    note(isError) {
      const at = now().getTime();
      if (isProbing) {
        isProbing = false;
        openUntil = isError ? at + PAUSE_MS : undefined;
        if (!isError) noted = [];
        return;
      }
      noted = [...noted.filter((one) => one.at > at - WINDOW_MS), { at, isError }];
      const errors = noted.filter((one) => one.isError).length;
      const isBad = noted.length >= minimum() && errors / noted.length >= WORST_SHARE;
      if (isBad || errors > MOST_ERRORS) openUntil = at + PAUSE_MS;
    },
  };
}
