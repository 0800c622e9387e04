/** Wakes the requests of this process that wait for a key; other processes notice by looking again. */
import type { RecordKey } from "./record.ts";

export interface WakeUps {
  /** Resolves when the key is woken, or after `timeoutMs`. */
  wait(key: RecordKey, timeoutMs: number): Promise<void>;
  wake(key: RecordKey): void;
}

export function createWakeUps(): WakeUps {
  const sleepers = new Map<string, Set<() => void>>();
  const toText = ({ account, operation, key }: RecordKey) =>
    JSON.stringify([account, operation, key]);

  return {
    wait(key, timeoutMs) {
      const text = toText(key);
      return new Promise((resolve) => {
        const awake = () => {
          clearTimeout(timer);
          const waiting = sleepers.get(text);
          waiting?.delete(awake);
          if (waiting?.size === 0) sleepers.delete(text);
          resolve();
        };
        const timer = setTimeout(awake, timeoutMs);
        const waiting = sleepers.get(text) ?? new Set();
        sleepers.set(text, waiting.add(awake));
      });
    },
    wake(key) {
      for (const awake of sleepers.get(toText(key)) ?? []) awake();
    },
  };
}
