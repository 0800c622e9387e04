/** One or three server processes: whoever dies is started again. */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Order } from "./killable-server.ts";
import type { CrashPoint } from "./plan.ts";

const SERVER = fileURLToPath(new URL("killable-server.ts", import.meta.url));
/** A server that cannot start is tried again, because Postgres may be away; not for ever. */
const MOST_FAILED_STARTS = 20;

export interface Fleet {
  readonly size: number;
  /** Of the server in the slot, or of another one while that is dead; undefined: none lives. */
  find(slot: number): string | undefined;
  /** Resolves when every server lives. Rejects when one cannot be started. */
  ready(): Promise<void>;
  /** The server in the slot kills itself where it is told to, if it comes there. */
  arm(slot: number, point: CrashPoint, passes: number): void;
  /** No server kills itself any more; returns the points where one did, as far as it was noticed yet. */
  disarm(): readonly CrashPoint[];
  /** Moves the clock of every second server. */
  shiftClock(offsetMs: number): void;
  stop(): Promise<void>;
}

interface Slot {
  child: ChildProcess;
  url: string | undefined;
  /** Also after it was told to live: that it died may be noticed later. */
  armed: CrashPoint | undefined;
}

export function startFleet(size: number, env: Readonly<Record<string, string>>): Fleet {
  let killed: CrashPoint[] = [];
  let stopping = false;
  let failedStarts = 0;
  const waiting = new Set<() => void>();
  const slots: Slot[] = [];

  function startIn(index: number): Slot {
    const child = fork(SERVER, [], {
      env: { ...process.env, ...env },
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    child.stderr?.resume();
    const slot: Slot = { child, url: undefined, armed: undefined };
    child.once("message", (url: string) => {
      slot.url = url;
      failedStarts = 0;
      for (const tell of waiting) tell();
    });
    child.once("exit", (_code, signal) => {
      const { armed, url } = slot;
      if (signal === "SIGKILL" && armed !== undefined) killed.push(armed);
      if (url === undefined) failedStarts += 1;
      if (!stopping && failedStarts < MOST_FAILED_STARTS) slots[index] = startIn(index);
      for (const tell of waiting) tell();
    });
    return slot;
  }

  for (let index = 0; index < size; index += 1) slots.push(startIn(index));
  const isAlive = ({ child, url }: Slot) =>
    url !== undefined && child.exitCode === null && child.signalCode === null;
  const send = (slot: Slot, order: Order) => {
    // It may have been killed a moment ago, which its parent has yet to hear: the order goes nowhere then.
    if (slot.child.connected) slot.child.send(order, () => {});
  };

  return {
    size,
    find(slot) {
      const order = [slots[slot], ...slots];
      return order.find((found) => found !== undefined && isAlive(found))?.url;
    },
    async ready() {
      while (!slots.every(isAlive)) {
        if (failedStarts >= MOST_FAILED_STARTS) throw new Error("a server does not start");
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
        });
        waiting.clear();
      }
    },
    arm(index, point, passes) {
      const slot = slots[index];
      if (!slot) throw new RangeError(`there is no slot ${index}`);
      slot.armed = point;
      send(slot, { kind: "die", point, passes });
    },
    disarm() {
      for (const slot of slots) send(slot, { kind: "live" });
      const points = killed;
      killed = [];
      return points;
    },
    shiftClock(offsetMs) {
      for (const [index, slot] of slots.entries()) {
        if (index % 2 === 0) send(slot, { kind: "clock", offsetMs });
      }
    },
    async stop() {
      stopping = true;
      const exits = slots
        .filter(({ child }) => child.exitCode === null && child.signalCode === null)
        .map(({ child }) => new Promise((resolve) => child.once("exit", resolve)));
      for (const { child } of slots) {
        // One that is still starting would not notice.
        if (child.connected) child.disconnect();
      }
      await Promise.all(exits);
    },
  };
}
