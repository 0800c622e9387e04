/** Plays the demo's timeline: moves people in the local Zendesk and delivers the events they cause. */
import type { Random } from "#sandbox/data/random";
import type { ZisEvent } from "#sandbox/zendesk/events";
import type { Zendesk } from "#sandbox/zendesk/create-zendesk";
import { FIRST_STRETCH, nextStretch, planDeliveries, type Move } from "./timeline.ts";

/** One event and how often it was delivered. */
export interface Delivered {
  readonly event: ZisEvent;
  /** 0: sabotage kept it back. */
  readonly copies: number;
}

/** All deliveries of all events. */
export function deliveriesOf(delivered: readonly Delivered[]): number {
  return delivered.reduce((total, { copies }) => total + copies, 0);
}

interface PlayOptions {
  readonly moves: readonly Move[];
  readonly random: Random;
  readonly agents: Zendesk["agents"];
  /** Hands one copy of an event to ZIS; resolves when ZIS has taken it. */
  readonly deliver: (event: ZisEvent) => Promise<void>;
  /** True for an event that sabotage keeps back. */
  readonly keepBack: (event: ZisEvent) => boolean;
  /** Called after the last move, while events are still taken. */
  readonly finale: (delivered: readonly Delivered[]) => Promise<void>;
  /** Called after every delivery, with the deliveries made so far. */
  readonly onDelivery: (deliveries: number) => void;
  /** Flow runs that wait or work: when the machine falls behind, people take their time. */
  readonly backlog: () => number;
}

export interface Played {
  readonly delivered: readonly Delivered[];
  /** From the first move to the last delivery. */
  readonly tookMs: number;
}

/** The stage: `take` is the sink of the local Zendesk's events, `play` runs the timeline to its end. */
export interface Stage {
  take(events: readonly ZisEvent[]): void;
  play(options: PlayOptions): Promise<Played>;
}

/** A stage without actors; events that come before `play` belong to nobody and are dropped. */
export function createStage(): Stage {
  let sink: ((events: readonly ZisEvent[]) => void) | undefined;
  return {
    take: (events) => sink?.(events),
    async play(options) {
      const delivered: Delivered[] = [];
      const pending: Promise<void>[] = [];
      let deliveries = 0;
      const deliverLater = async (event: ZisEvent, delayMs: number) => {
        await sleep(delayMs);
        await options.deliver(event);
        deliveries += 1;
        options.onDelivery(deliveries);
      };
      sink = (events) => {
        for (const event of events) {
          const planned = planDeliveries(() => options.random.next());
          const delays = options.keepBack(event) ? [] : planned;
          delivered.push({ event, copies: delays.length });
          for (const delayMs of delays) {
            const delivery = deliverLater(event, delayMs);
            // Reported at the end with the others; until then it must not count as unhandled.
            delivery.catch(() => {});
            pending.push(delivery);
          }
        }
      };

      const startedAt = performance.now();
      let stretch = FIRST_STRETCH;
      let lastAtMs = 0;
      for (const move of options.moves) {
        await sleep((move.atMs - lastAtMs) * stretch);
        lastAtMs = move.atMs;
        stretch = nextStretch(stretch, options.backlog());
        make(move, options);
      }
      await options.finale(delivered);
      sink = undefined;
      await Promise.all(pending);
      return { delivered, tookMs: performance.now() - startedAt };
    },
  };
}

function make(move: Move, { agents, random }: PlayOptions): void {
  switch (move.kind) {
    case "solve":
      agents.setStatus(move.ticketId, "solved");
      return;
    case "pend":
      agents.setStatus(move.ticketId, "pending");
      return;
    case "reopen":
      agents.setStatus(move.ticketId, "open");
      return;
    case "reply":
      agents.reply(move.ticketId, random.pick(REPLIES), { public: random.chance(0.7) });
      return;
    case "tag":
      agents.addTags(move.ticketId, [random.pick(TAGS)]);
      return;
  }
}

const REPLIES = [
  "Thank you for waiting. The courier confirmed that your parcel left the depot this morning.",
  "I have issued the refund; it reaches your account within five working days.",
  "Could you send us a photo of the label, please? Then we can trace it.",
  "We restarted the integration and your menu is in sync again. Does it look right to you?",
  "Internal: asked billing to check the duplicate charge, they answer today.",
] as const;

const TAGS = ["vip", "refund", "courier_delay", "follow_up", "partner"] as const;

function sleep(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
}
