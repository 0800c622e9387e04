/** Runs the demo: starts the world, plays the timeline, waits for the end, compares plan and stores. */
import { setTimeout as sleep } from "node:timers/promises";
import { caseLinkName, parseTicketLinkName, ticketLinkName } from "#contract/links";
import type { Progress } from "#zis/terminal/progress";
import { untilAborted } from "#zis/terminal/interrupt";
import type { Random } from "#sandbox/data/random";
import type { ZisEvent } from "#sandbox/zendesk/events";
import { createWorld, type World } from "../world.ts";
import { administer } from "./administer.ts";
import { expectations, type Administered } from "./expectations.ts";
import { checkInvariants } from "./invariants.ts";
import { observe } from "./observe.ts";
import type { DemoOptions } from "./options.ts";
import { createStage, deliveriesOf, type Played, type Stage } from "./play.ts";
import type { DemoReport } from "./report.ts";
import { pickSamples } from "./samples.ts";
import { createDrop, forgetful, linkTwice } from "./sabotage.ts";
import { describeTicket, summarise, summariseSync } from "./summarise.ts";
import { loadHistory, sweep } from "./sync.ts";
import { planMoves } from "./timeline.ts";

export interface DemoRun {
  readonly report: DemoReport;
  /** Still running; the caller closes it. */
  readonly world: World;
}

export interface Demo {
  readonly options: DemoOptions;
  readonly random: Random;
  /** Milliseconds since the demo began. */
  readonly elapsedMs: () => number;
  readonly progress: Progress;
  readonly interrupt: AbortSignal;
}

/** About as many events as the accounts' limit of requests a minute lets through without a queue. */
const EVENTS = 300;
/** As fast as two quiet cores run the flows. */
const EVENT_EVERY_MS = 22;

/** More than the minute for which Zendesk's export holds back what has changed, and what a sweep adds for clocks. */
const HELD_BACK_MS = 80_000;
/** The history has a page of the export for each month, and nobody waits for the next minute. */
const EXPORTS_PER_MINUTE = 1_000;

/** Leaves the world running for the caller; when it fails or is interrupted, nothing is left running. */
export async function runDemo(demo: Demo): Promise<DemoRun> {
  const { options, progress } = demo;
  progress.show("starting the world");
  const stage = createStage();
  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);
  const world = await createWorld({
    seed: options.seed,
    tickets: options.tickets,
    ports: { zendesk: 0, salesforce: 0, server: 0 },
    logLevel: "silent",
    onEvents: stage.take,
    limits: { incrementalExportsPerMinute: EXPORTS_PER_MINUTE },
    now,
    ...(options.sabotage === "no-idempotency" && { overrides: forgetful }),
  });
  try {
    const passMinute = () => void (aheadMs += HELD_BACK_MS);
    const played = await untilAborted(demo.interrupt, async () => {
      const startedAt = now();
      const [acts] = await Promise.all([
        play(demo, world, stage),
        options.sync ? loadHistory(world) : undefined,
      ]);
      if (options.sync) {
        passMinute();
        progress.show("the sweep of the hour");
        await sweep(world, startedAt);
        await waitUntilIdle(world, () => undefined);
      }
      return acts;
    });
    if (options.sabotage === "double-link") await linkTwice(world);
    const observed = await observe(world);
    const invariants = checkInvariants(
      expectations({
        ...played,
        data: world.data,
        tickets: world.zendesk.tickets,
        sync: options.sync,
      }),
      observed,
      { ticket: ticketLinkName, case: caseLinkName },
    );
    const sync = summariseSync(world, observed, options.sync);
    // Sabotage that nothing noticed is a failure of its own.
    const asExpected =
      options.sabotage === undefined ||
      (options.sabotage === "drop-event" && sync.recovered.length > 0);
    const ok = asExpected && invariants.every(({ broken }) => broken.length === 0);
    return {
      report: {
        ...summarise(world, played, observed),
        sync,
        durationMs: Math.round(demo.elapsedMs()),
        samples: pickSamples({
          ...observed,
          delivered: played.delivered,
          linked: new Set(observed.links.map(({ left }) => parseTicketLinkName(left) ?? "")),
          ticket: (ticketId) => describeTicket(world, ticketId),
        }),
        invariants,
        ok,
      },
      world,
    };
  } catch (error) {
    await world.close();
    throw error;
  }
}

interface Acts extends Played {
  readonly administered: Administered;
}

async function play(demo: Demo, world: World, stage: Stage): Promise<Acts> {
  const { options, random, progress } = demo;
  const planning = random.fork(1);
  const tickets = openTickets(world);
  const moves = planMoves(tickets, {
    random: () => planning.next(),
    events: EVENTS,
    durationMs: Math.min(EVENTS, 2 * tickets.length) * EVENT_EVERY_MS,
  });
  const show = (deliveries: number) => progress.show(progressText(world, deliveries));
  let administered: Administered = { redacted: undefined, deleted: undefined };
  const played = await stage.play({
    moves,
    random: random.fork(2),
    agents: world.zendesk.agents,
    deliver: (event) => deliver(world, event),
    keepBack: options.sabotage === "drop-event" ? createDrop(moves) : () => false,
    async finale(delivered) {
      administered = await administer(world, delivered);
    },
    onDelivery: show,
    backlog: () => backlog(world),
  });
  await waitUntilIdle(world, () => show(deliveriesOf(played.delivered)));
  return { ...played, administered };
}

function openTickets({ data }: World) {
  return data.zendesk.tickets
    .filter(({ status }) => status !== "solved" && status !== "closed")
    .map(({ id }) => ({ id: String(id) }));
}

async function deliver({ card }: World, event: ZisEvent): Promise<void> {
  const response = await fetch(`${card.zendesk.url}/local/events`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(event),
  });
  if (!response.ok) throw new Error(`the local ZIS refused an event: ${await response.text()}`);
}

function backlog({ zis }: World): number {
  const { queued, running } = zis.stats();
  return queued + running;
}

/** Waits until no flow runs, no event is queued and no job of the server is open. */
async function waitUntilIdle({ zis, deps }: World, tick: () => void): Promise<void> {
  const ticking = setInterval(tick, 50);
  try {
    await zis.idle();
    while ((await deps.jobs.openCount()) > 0) await sleep(50);
  } finally {
    clearInterval(ticking);
  }
}

function progressText({ zis }: World, deliveries: number): string {
  return `${deliveries} deliveries, ${zis.stats().flows.succeeded} flow runs done`;
}
