/** One or three server processes: one that kills itself on request is started again; any other exit is a fault. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { CANNOT_START, type Order } from "./killable-server-orders.ts";
import type { CrashPoint } from "./plan.ts";

const SERVER = fileURLToPath(new URL("killable-server.ts", import.meta.url));
/** A server that cannot start because Postgres is away is tried again, as a supervisor does it; not for ever. */
const MOST_FAILED_STARTS = 20;
/** Characters of what a server wrote before its end. */
const STDERR_SHOWN = 2_000;

export interface Fleet {
  readonly size: number;
  /** Of the server in the slot, or of another one while that is dead; undefined: none lives. */
  find(slot: number): string | undefined;
  /** Resolves when every server lives. Rejects when one cannot be started. */
  ready(): Promise<void>;
  /** The server in the slot kills itself at the given point, if it gets there. */
  arm(slot: number, point: CrashPoint, passes: number): void;
  /** No server kills itself any more; returns the points where one did, as far as it was noticed yet. */
  disarm(): readonly CrashPoint[];
  /** Moves the clock of every second server. */
  shiftClock(offsetMs: number): void;
  /** Stops the server in the slot from doing anything, until all go on. */
  pause(slot: number): void;
  goOn(): void;
  /** What happened to servers since this was asked last. */
  takeEvents(): FleetEvents;
  stop(): Promise<void>;
}

export interface FleetEvents {
  /** Ends that nobody asked for, each with what the server wrote to stderr. */
  readonly exits: readonly string[];
  /** Servers that ended before they listened, because the database was away. */
  readonly failedStarts: number;
}

interface Slot {
  child: ChildProcess;
  /** Settles when it has ended and all that it wrote is there. */
  ended: Promise<void>;
  url: string | undefined;
  /** Also after the order to live: that it died may be noticed later. */
  armed: CrashPoint | undefined;
}

export function startFleet(size: number, env: Readonly<Record<string, string>>): Fleet {
  let killed: CrashPoint[] = [];
  let stopping = false;
  let failedStarts = 0;
  let failedInARow = 0;
  let exits: string[] = [];
  const waiting = new Set<() => void>();
  const slots: Slot[] = [];

  /** When it has ended. */
  function noteEnd(index: number, { child, armed, url }: Slot, lastWords: string): void {
    const { exitCode: code, signalCode: signal } = child;
    if (signal === "SIGKILL" && armed !== undefined) killed.push(armed);
    else if (code === CANNOT_START && url === undefined) {
      failedStarts += 1;
      failedInARow += 1;
    } else if (!stopping || code !== 0) {
      exits.push(`server ${index} ended by itself (${signal ?? `code ${code}`}): ${lastWords}`);
    }
    if (!stopping && failedInARow < MOST_FAILED_STARTS) slots[index] = startIn(index);
    for (const resume of waiting) resume();
  }

  function startIn(index: number): Slot {
    const child = fork(SERVER, [], {
      env: { ...process.env, ...env },
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let stderr = "";
    const errors = child.stderr!;
    errors.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-STDERR_SHOWN);
    });
    const slot: Slot = { child, ended: Promise.resolve(), url: undefined, armed: undefined };
    // What it wrote last may come after its end. (A fork that was disconnected emits no "close".)
    const end = Promise.all([once(child, "exit"), once(errors, "close")]);
    slot.ended = (async () => {
      await end;
      noteEnd(index, slot, stderr);
    })();
    child.once("message", (url: string) => {
      slot.url = url;
      failedInARow = 0;
      for (const resume of waiting) resume();
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
        if (failedInARow >= MOST_FAILED_STARTS) throw new Error("a server does not start");
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
    pause(slot) {
      slots[slot]?.child.kill("SIGSTOP");
    },
    goOn() {
      for (const { child } of slots) child.kill("SIGCONT");
    },
    takeEvents() {
      const taken = { exits, failedStarts };
      exits = [];
      failedStarts = 0;
      return taken;
    },
    async stop() {
      stopping = true;
      for (const { child } of slots) {
        // One that is still starting would not notice.
        if (child.connected) child.disconnect();
      }
      await Promise.all(slots.map(({ ended }) => ended));
    },
  };
}
