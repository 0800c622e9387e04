/** How events start flows: each installed job spec of an event gets its deliveries, queued and kept until run. */
import type { Json } from "../model/json.ts";
import { createDeliveryQueue, deliveryCount, type DeliveryOptions } from "./delivery-queue.ts";
import type { Delivery, FlowRunner } from "./flow-runner.ts";
import type { Registry } from "./registry.ts";
import type { Runs } from "./runs.ts";
import type { Stats, StatsCollector } from "./stats.ts";
import type { Store } from "./store.ts";

/** Something that happened, as it may start flows. */
export interface ZisEvent {
  readonly event_source: string;
  readonly event_type: string;
  /** What flows see as `$.input`. */
  readonly input: Json;
  /** How often it is delivered. Default 1. */
  readonly copies?: number;
  /** How long it waits before its flows may start, in milliseconds. Default 0. */
  readonly delayMs?: number;
}

export interface EventIntake {
  /** Queues the flows of an event. @returns how many runs were queued. */
  accept(event: ZisEvent): number;
  /** Resolves when no run is queued or under way; rejects after the time-out, if one is given. */
  idle(timeoutMs?: number): Promise<void>;
  stats(): Stats;
  /** Cuts off what runs. What was queued or cut off stays in the store. */
  close(): Promise<void>;
}

export interface EventIntakeOptions {
  readonly store: Store;
  readonly registry: Registry;
  readonly runDelivery: FlowRunner;
  readonly runs: Runs;
  readonly stats: StatsCollector;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly random: () => number;
  readonly delivery: DeliveryOptions;
}

interface Queued {
  readonly delivery: Delivery;
  /** On the clock of performance.now(). */
  readonly acceptedMs: number;
}

/** An intake; deliveries that an earlier process left in the store are made again at once. */
export function createEventIntake(options: EventIntakeOptions): EventIntake {
  const { store, registry, runDelivery, runs, stats, now, newId, random } = options;
  const pending = store.collection<Delivery>("deliveries");
  const closing = new AbortController();
  const queue = createDeliveryQueue<Queued>(options.delivery, random, deliver);

  async function deliver({ delivery, acceptedMs }: Queued): Promise<void> {
    try {
      const run = await runDelivery(delivery, closing.signal);
      runs.add(run);
      stats.ended(run.status, performance.now() - acceptedMs);
      pending.delete(delivery.id);
    } catch (error) {
      // Cut off by close: the delivery stays in the store and is made again.
      if (!closing.signal.aborted) throw error;
    }
  }

  function enqueue(delivery: Delivery, delayMs: number): void {
    pending.set(delivery.id, delivery);
    stats.delivered();
    queue.add({ delivery, acceptedMs: performance.now() }, delayMs);
  }

  /** Copies are asked for with the event, duplicates happen to each of them by chance. */
  function timesDelivered(copies: number): number {
    let times = 0;
    for (let copy = 0; copy < copies; copy += 1) times += deliveryCount(options.delivery, random);
    return times;
  }

  for (const left of pending.values()) enqueue(left, 0);

  return {
    accept({ event_source, event_type, input, copies = 1, delayMs = 0 }) {
      stats.accepted();
      const accepted_at = now().toISOString();
      let queued = 0;
      for (const spec of registry.installedFor(event_source, event_type)) {
        const { integration, name: jobSpec, flow_name: flowName } = spec;
        for (let left = timesDelivered(copies); left > 0; left -= 1) {
          const event = { event_source, event_type, input, accepted_at };
          enqueue({ id: newId(), integration, jobSpec, flowName, ...event }, delayMs);
          queued += 1;
        }
      }
      return queued;
    },
    idle: (timeoutMs) => queue.idle(timeoutMs),
    stats: () => stats.snapshot({ queued: queue.queued(), running: queue.running() }),
    close() {
      closing.abort();
      return queue.close();
    },
  };
}
