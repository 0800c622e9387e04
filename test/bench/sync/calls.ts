/** How many API calls a thousand changes cost, by events and by polling, in one run. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { basicOf } from "../../../scripts/world/zendesk.ts";
import { solvable, storedAt, withWorld } from "./bench-world.ts";
import type { Part } from "./part.ts";

const CHANGES = 1_000;
/** Of Zendesk's clock, which is turned: the thousand changes take an hour of it. */
const HOUR_MS = 3_600_000;
/** How often the poller of the article would look, for what it calls a relatively high frequency. */
const POLL_MS = 10_000;
const MINUTE_MS = 60_000;

interface TicketEvents {
  readonly ticket_events: readonly {
    readonly ticket_id: number;
    readonly child_events: readonly { readonly status?: string }[];
  }[];
  readonly end_time: number;
  readonly end_of_stream: boolean;
}

/**
 * Polling as in "Event-Based Communication With Zendesk" (Just Eat Takeaway, 2023): the newest ticket events are asked for
 * again and again and scanned for tickets that were solved; each of those is read, the ticket and its comments.
 */
function createPoller(url: string, authorization: string, since: Date) {
  let startTime = Math.floor(since.getTime() / 1_000) - 120;
  const solved = new Set<number>();
  const counted = { polls: 0, reads: 0, refused: 0 };

  async function get(path: string): Promise<unknown> {
    const reply = await fetch(`${url}/api/v2/${path}`, { headers: { authorization } });
    const text = await reply.text();
    if (reply.status === 429) counted.refused += 1;
    return reply.status === 200 ? JSON.parse(text) : undefined;
  }

  return {
    counted,
    solved,
    async poll(): Promise<void> {
      counted.polls += 1;
      const page = (await get(`incremental/ticket_events.json?start_time=${startTime}`)) as
        | TicketEvents
        | undefined;
      if (!page) return;
      startTime = page.end_time;
      for (const { ticket_id: id, child_events: events } of page.ticket_events) {
        if (solved.has(id) || !events.some(({ status }) => status === "solved")) continue;
        solved.add(id);
        for (const path of [`tickets/${id}.json`, `tickets/${id}/comments.json`]) {
          counted.reads += 1;
          await get(path);
        }
      }
    },
  };
}

/** Every call of the Support API that this process sends, whoever sends it. */
function countCalls(origin: string) {
  let calls = 0;
  const onCall = (message: unknown) => {
    const { request } = message as { request: { origin: string | URL; path: string } };
    if (String(request.origin).startsWith(origin) && request.path.startsWith("/api/v2/"))
      calls += 1;
  };
  subscribe("undici:request:create", onCall);
  return { calls: () => calls, stop: () => unsubscribe("undici:request:create", onCall) };
}

export const calls: Part = {
  name: "calls",
  about: "API calls for 1,000 changes, by events and by polling",
  async run() {
    let aheadMs = 0;
    const now = () => new Date(Date.now() + aheadMs);
    return withWorld(
      { tickets: 2_000, limits: { requestsPerMinute: 100_000 }, now },
      async (world) => {
        const { url } = world.card.zendesk;
        const admin = {
          email: world.card.zendesk.adminEmail,
          apiToken: world.card.zendesk.apiToken,
        };
        const poller = createPoller(url, basicOf(admin), now());
        const counter = countCalls(url);
        const [agent] = world.data.zendesk.agents;
        const tickets = solvable(world).slice(0, CHANGES / 5);
        const moves: ((id: string) => unknown)[] = [
          (id) => world.zendesk.agents.assign(id, agent?.id ?? 0),
          (id) => world.zendesk.agents.reply(id, "We look into it.", { public: true }),
          (id) => world.zendesk.agents.addTags(id, ["bench"]),
          (id) => world.zendesk.agents.reply(id, "It is done.", { public: true }),
          (id) => world.zendesk.agents.setStatus(id, "solved"),
        ];
        let made = 0;
        for (let atMs = 0; atMs < HOUR_MS; atMs += POLL_MS) {
          const due = Math.min(CHANGES, Math.round(((atMs + POLL_MS) / HOUR_MS) * CHANGES));
          for (; made < due; made += 1) {
            // Ten tickets at a time, each with all of its changes.
            const [group, step] = [Math.floor(made / 50), Math.floor((made % 50) / 10)];
            moves[step]?.(tickets[group * 10 + (made % 10)] ?? "");
          }
          await world.zis.idle(120_000);
          aheadMs += POLL_MS;
          await poller.poll();
        }
        const stored = await storedAt(world, tickets);
        for (let restMs = 0; restMs < 2 * MINUTE_MS; restMs += POLL_MS) {
          aheadMs += POLL_MS;
          await poller.poll();
        }
        counter.stop();
        const polling = poller.counted.polls + poller.counted.reads;
        const events = counter.calls() - polling;
        return {
          figures: [
            { what: "calls by events", value: events, unit: "" },
            { what: "calls by polling every 10 s", value: polling, unit: "" },
            { what: "events need, of the poller's", value: events / polling, unit: "times" },
            {
              what: "solved tickets stored by events",
              value: stored.size,
              unit: `of ${tickets.length}`,
            },
            { what: "seen by polling", value: poller.solved.size, unit: `of ${tickets.length}` },
          ],
          raw: { events, ...poller.counted },
        };
      },
    );
  },
};
