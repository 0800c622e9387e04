/** What share of the export's own limit background work uses, alone and beside a neighbour, on the real clock. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createDeadline } from "../../../actions-server/platform/deadline.ts";
import { createLocalCounters } from "../../../actions-server/platform/outbound/budget-counters.ts";
import {
  BACKGROUND_LIMITS,
  readZendeskLimits,
} from "../../../actions-server/platform/outbound/limit-headers.ts";
import { createRemote } from "../../../actions-server/platform/outbound/remote.ts";
import { createOutbound, type Outbound } from "../../../actions-server/platform/outbound/send.ts";
import { Secret } from "../../../actions-server/platform/secret.ts";
import { createReadChanged } from "../../../actions-server/remotes/zendesk/changed-tickets.ts";
import { createZendeskClient } from "../../../actions-server/remotes/zendesk/client.ts";
import { apiTokenCredentials } from "../../../actions-server/remotes/zendesk/credentials.ts";
import { buildWorldData } from "../../../sandbox/data/world-data.ts";
import { createFaults } from "../../../sandbox/faults.ts";
import type { Closers } from "../../../scripts/world/listen.ts";
import { basicOf, startZendesk } from "../../../scripts/world/zendesk.ts";
import type { Figure, Part } from "./part.ts";

const MINUTE_MS = 60_000;
/** The rest of the minute in which reading begins, and the one in which it learns what others do. */
const LEARNING_MINUTES = 2;
const NEIGHBOUR_PART = 0.8;

interface Calls {
  readonly atMs: number;
  readonly isRefused: boolean;
}

/** Reads the export page after page, as fast as its budget allows, until `endMs`. */
async function readOn(origin: string, admin: { email: string; apiToken: string }, endMs: number) {
  const calls: Calls[] = [];
  const outbound = createOutbound();
  const counted: Outbound = {
    async send(outgoing, deadline) {
      const atMs = Date.now();
      const result = await outbound.send(outgoing, deadline);
      calls.push({ atMs, isRefused: result.kind === "reply" && result.status === 429 });
      return result;
    },
    close: () => outbound.close(),
  };
  const monotonicMs = () => performance.now();
  const kind = { windowMs: MINUTE_MS, longestMs: 600_000, probeMs: MINUTE_MS, rolling: false };
  const remote = createRemote({
    outbound: counted,
    monotonicMs,
    random: Math.random,
    budget: {
      counters: createLocalCounters(kind, monotonicMs),
      share: 1,
      readLimits: readZendeskLimits,
      counts: () => true,
      backgroundLimits: BACKGROUND_LIMITS,
    },
  });
  const read = createReadChanged(
    createZendeskClient({
      origin,
      credentials: apiTokenCredentials(admin.email, new Secret(admin.apiToken)),
      outbound: remote,
      random: Math.random,
    }),
  );
  let from: Parameters<typeof read>[0] = { since: new Date(0) };
  while (Date.now() < endMs) {
    const deadline = createDeadline(Math.max(1, endMs - Date.now()));
    try {
      const call = { deadline, requestId: randomUUID(), priority: "backfill" } as const;
      const page = await read(from, 100, call);
      if (page.kind !== "page") continue;
      from =
        page.endOfStream || page.cursor === undefined
          ? { since: new Date(0) }
          : { cursor: page.cursor };
    } catch {
      // Out of budget until the end.
      await sleep(1_000);
    } finally {
      deadline.clear();
    }
  }
  await remote.close();
  return calls;
}

/** Calls evenly, so many times a minute. */
async function neighbour(url: string, authorization: string, perMinute: number, endMs: number) {
  const calls: Calls[] = [];
  if (perMinute === 0) return calls;
  while (Date.now() < endMs) {
    const atMs = Date.now();
    const reply = await fetch(
      `${url}/api/v2/incremental/tickets/cursor.json?start_time=0&per_page=1`,
      {
        headers: { authorization },
      },
    );
    await reply.text();
    calls.push({ atMs, isRefused: reply.status === 429 });
    const every = MINUTE_MS / perMinute;
    await sleep(every - (Date.now() % every));
  }
  return calls;
}

async function runOne(perMinute: number, neighbours: number, minutes: number) {
  const closers: Closers = [];
  const now = () => new Date();
  try {
    const zendesk = await startZendesk(
      {
        seed: 3,
        tickets: 500,
        ports: { zendesk: 0, salesforce: 0, server: 0 },
        logLevel: "silent",
        limits: { incrementalExportsPerMinute: perMinute },
      },
      {
        data: buildWorldData({ seed: 3, tickets: 500 }).zendesk,
        faults: createFaults(),
        now,
        newId: randomUUID,
      },
      closers,
    );
    const endMs = (Math.floor(Date.now() / MINUTE_MS) + minutes) * MINUTE_MS;
    const [ours, theirs] = await Promise.all([
      readOn(zendesk.url, zendesk.administrator, endMs),
      neighbour(zendesk.url, basicOf(zendesk.administrator), neighbours, endMs),
    ]);
    const fromMs = endMs - (minutes - LEARNING_MINUTES) * MINUTE_MS;
    const used = [...ours, ...theirs].filter(({ atMs, isRefused }) => atMs >= fromMs && !isRefused);
    const refused = (calls: readonly Calls[]) => calls.filter(({ isRefused }) => isRefused).length;
    return {
      perMinute,
      neighbours,
      share: used.length / (perMinute * (minutes - LEARNING_MINUTES)),
      ourRefusals: refused(ours),
      theirRefusals: refused(theirs),
      ours,
      theirs,
    };
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

export const exportLimit: Part = {
  name: "limit",
  about: "share of the export's own limit that is used, alone and beside a neighbour of 80 %",
  async run({ minutes }) {
    const raw = await Promise.all(
      [10, 30].flatMap((perMinute) =>
        [0, perMinute * NEIGHBOUR_PART].map((theirs) => runOne(perMinute, theirs, minutes)),
      ),
    );
    const figures = raw.flatMap(({ perMinute, neighbours, share, ourRefusals, theirRefusals }) => {
      const of = `of ${perMinute} a minute, ${neighbours === 0 ? "alone" : "with a neighbour"}`;
      const used: Figure = { what: `used ${of}`, value: share, unit: "" };
      return [
        neighbours === 0 ? { ...used, aim: { least: 0.98 } } : used,
        { what: `429 to us ${of}`, value: ourRefusals, unit: "", aim: { most: 0 } },
        ...(neighbours === 0
          ? []
          : [
              {
                what: `429 to the neighbour ${of}`,
                value: theirRefusals,
                unit: "",
                aim: { most: 0 },
              },
            ]),
      ];
    });
    return { figures, raw };
  },
};
