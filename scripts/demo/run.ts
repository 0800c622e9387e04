/** Runs the demo: starts the world, plays the timeline, waits for the end, compares plan and stores. */
import { setTimeout as sleep } from "node:timers/promises";
import { caseLinkName, parseTicketLinkName, ticketLinkName } from "#contract/links";
import type { Progress } from "#zis/terminal/progress";
import { untilAborted } from "#zis/terminal/interrupt";
import type { Random } from "#sandbox/data/random";
import type { ZisEvent } from "#sandbox/zendesk/events";
import { createWorld, type World } from "../world.ts";
import { capturedTicket, expectations } from "./expectations.ts";
import { checkInvariants } from "./invariants.ts";
import { observe, type Stores } from "./observe.ts";
import type { DemoOptions } from "./options.ts";
import { createStage, deliveriesOf, type Played, type Stage } from "./play.ts";
import type { DemoReport } from "./report.ts";
import { pickSamples } from "./samples.ts";
import { createDrop, forgetful, linkTwice } from "./sabotage.ts";
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

/** Leaves the world running for the caller; when it fails or is interrupted, nothing is left running. */
export async function runDemo(demo: Demo): Promise<DemoRun> {
  const { options, progress } = demo;
  progress.show("starting the world");
  const stage = createStage();
  const world = await createWorld({
    seed: options.seed,
    tickets: options.tickets,
    ports: { zendesk: 0, salesforce: 0, server: 0 },
    logLevel: "silent",
    onEvents: stage.take,
    ...(options.sabotage === "no-idempotency" && { overrides: forgetful }),
  });
  try {
    const played = await untilAborted(demo.interrupt, () => play(demo, world, stage));
    if (options.sabotage === "double-link") await linkTwice(world);
    const observed = await observe(world);
    const invariants = checkInvariants(
      expectations(played.delivered, world.data.truth, world.zendesk.tickets),
      observed,
      { ticket: ticketLinkName, case: caseLinkName },
    );
    // Sabotage that nothing noticed is a failure of its own.
    const ok =
      options.sabotage === undefined && invariants.every(({ broken }) => broken.length === 0);
    return {
      report: {
        ...summarise(world, played, observed),
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

async function play(demo: Demo, world: World, stage: Stage): Promise<Played> {
  const { options, random, progress } = demo;
  const planning = random.fork(1);
  const tickets = openTickets(world);
  const moves = planMoves(tickets, {
    random: () => planning.next(),
    events: EVENTS,
    durationMs: Math.min(EVENTS, 2 * tickets.length) * EVENT_EVERY_MS,
  });
  const show = (deliveries: number) => progress.show(progressText(world, deliveries));
  const played = await stage.play({
    moves,
    random: random.fork(2),
    agents: world.zendesk.agents,
    deliver: (event) => deliver(world, event),
    keepBack: options.sabotage === "drop-event" ? createDrop() : () => false,
    onDelivery: show,
    backlog: () => backlog(world),
  });
  await waitUntilIdle(world, () => show(deliveriesOf(played.delivered)));
  return played;
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

function summarise(
  { zis }: World,
  { delivered, tookMs }: Played,
  observed: Stores,
): Omit<DemoReport, "durationMs" | "samples" | "invariants" | "ok"> {
  const { flows, latencies_ms: latency } = zis.stats();
  const outcomes = [...observed.resolved.values()];
  const count = (outcome: string) => outcomes.filter((found) => found.outcome === outcome).length;
  const deliveries = deliveriesOf(delivered);
  const solved = new Set(delivered.map(({ event }) => capturedTicket(event)));
  solved.delete(undefined);
  return {
    events: delivered.length,
    deliveries,
    deliveriesPerSecond: Math.round(deliveries / (tookMs / 1_000)),
    coverage: {
      solved: solved.size,
      stored: observed.conversations.length,
      linked: observed.links.length,
    },
    flows: { succeeded: flows.succeeded, failed: observed.flowsFailed },
    resolved: {
      matched: count("matched"),
      ambiguous: count("ambiguous"),
      none: count("none"),
    },
    links: observed.links.length,
    conversations: observed.conversations.length,
    duplicatesAbsorbed: observed.duplicatesAbsorbed,
    latencyMs: { p50: Math.round(latency.p50), p99: Math.round(latency.p99) },
  };
}

function describeTicket({ data }: World, ticketId: string) {
  const ticket = data.zendesk.tickets.find(({ id }) => String(id) === ticketId);
  const people = [...data.zendesk.endUsers, ...data.zendesk.agents];
  const requester = people.find(({ id }) => id === ticket?.requester_id);
  return { subject: ticket?.subject ?? "", requester: requester?.name ?? "" };
}
