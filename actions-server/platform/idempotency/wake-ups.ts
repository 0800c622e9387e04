/** Wakes the requests that wait for a key: those of this process, and with Redis those of the others too. */
import { hash } from "node:crypto";
import type { Redis } from "../redis/connection.ts";
import { toKeyText, type RecordKey } from "./record.ts";

export interface WakeUps {
  /** Resolves when the key is woken, or after `timeoutMs`: who sleeps looks again, so that a lost call costs only time. */
  wait(key: RecordKey, timeoutMs: number): Promise<void>;
  wake(key: RecordKey): void;
}

const CHANNEL = "caseqa:settled:1";

/** Opaque to whoever listens: it names a key to those who know it already. */
function toName(key: RecordKey): string {
  return hash("sha256", toKeyText(key), "base64url");
}

export function createWakeUps(redis?: Redis): WakeUps {
  const sleepers = new Map<string, Set<() => void>>();

  function wakeHere(name: string): void {
    for (const awake of sleepers.get(name) ?? []) awake();
  }

  redis?.subscribe(CHANNEL, wakeHere);
  return {
    wait(key, timeoutMs) {
      const name = toName(key);
      return new Promise((resolve) => {
        const awake = () => {
          clearTimeout(timer);
          const waiting = sleepers.get(name);
          waiting?.delete(awake);
          if (waiting?.size === 0) sleepers.delete(name);
          resolve();
        };
        const timer = setTimeout(awake, timeoutMs);
        const waiting = sleepers.get(name) ?? new Set();
        sleepers.set(name, waiting.add(awake));
      });
    },
    wake(key) {
      const name = toName(key);
      wakeHere(name);
      void redis?.attempt((commands) => commands.publish(CHANNEL, name));
    },
  };
}
