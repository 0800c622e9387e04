/** Tickets that agents take and solve while an administrator works, and sweeps that make up for what was lost. */
import { expect } from "vitest";
import { ROUTES } from "../../../contract/routes.ts";
import type { SweepReport } from "../../../contract/routes/sweep.ts";
import { caseLinkName } from "../../../contract/links.ts";
import type { World } from "../../../scripts/world.ts";
import type { WorldOptions } from "../../../scripts/world/options.ts";
import { assignments, casesOf, conversations, idle } from "./stores.ts";

/** A clock that can be put forward: a sweep waits until Zendesk's export has the last minute. */
export interface Clock {
  readonly options: Pick<WorldOptions, "limits" | "now">;
  pass(seconds: number): void;
}

export function createClock(): Clock {
  let aheadMs = 0;
  return {
    options: {
      now: () => new Date(Date.now() + aheadMs),
      // Several sweeps in what is one minute for a test: our own budget would wait for the next one.
      limits: { incrementalExportsPerMinute: 1_000 },
    },
    pass: (seconds) => void (aheadMs += seconds * 1_000),
  };
}

export interface Traffic {
  /** An agent takes the next so many tickets and solves them. @returns their ids */
  solve(count: number): readonly string[];
  /** Solves one ticket after another until it is told to stop. */
  flow(): { stop(): void };
  /** All that were solved so far. */
  readonly solved: readonly string[];
}

const BETWEEN_MS = 150;

export function createTraffic(world: World): Traffic {
  const waiting = world.data.zendesk.tickets
    .filter(({ id, status, tags }) => {
      const truth = world.data.truth.get(String(id));
      // By default no field holds a case number.
      const isByNumber = truth?.outcome === "matched" && truth.by === "case_number";
      const isClear = truth !== undefined && truth.outcome !== "ambiguous" && !isByNumber;
      return status === "open" && isClear && !tags.includes("bulk_import");
    })
    .map(({ id }) => String(id));
  const solved: string[] = [];
  const solve = (count: number): readonly string[] => {
    const ids = waiting.splice(0, count);
    for (const id of ids) {
      const taker = world.data.zendesk.agents[1]?.id ?? 0;
      world.zendesk.agents.assign(id, taker);
      world.zendesk.agents.setStatus(id, "solved");
    }
    solved.push(...ids);
    return ids;
  };
  return {
    solve,
    solved,
    flow() {
      const timer = setInterval(() => solve(1), BETWEEN_MS);
      return { stop: () => clearInterval(timer) };
    },
  };
}

/** Each solved ticket has left its effects exactly once: conversation, assignment and link. */
export async function expectOnce(world: World, ticketIds: readonly string[]): Promise<void> {
  const expected = [...ticketIds].sort();
  expect([...(await conversations(world))].sort()).toEqual(expected);
  expect([...(await assignments(world))].sort()).toEqual(expected);
  for (const id of ticketIds) {
    const truth = world.data.truth.get(id);
    const cases = truth?.outcome === "matched" ? [caseLinkName(truth.caseId)] : [];
    expect([id, casesOf(world, id)]).toEqual([id, cases]);
  }
}

/** Lets the minute pass, waits until no sweep runs and for what they set going. @returns them, newest first */
export async function sweepsFinished(world: World, clock: Clock): Promise<readonly SweepReport[]> {
  const { url, token } = world.card.server;
  const sweeps = `${url}${ROUTES.sweeps.path}`;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const list = async (): Promise<readonly SweepReport[]> => {
    const response = await fetch(sweeps, { headers });
    return ((await response.json()) as { readonly sweeps: readonly SweepReport[] }).sweeps;
  };
  clock.pass(80);
  await expect
    .poll(
      async () => {
        const isRunning = (await list()).some(({ state }) => state === "running");
        // The hour's sweep joins the one that waits for its minute, which goes on at once.
        const hourly = { method: "POST", headers, body: JSON.stringify({ reason: "hourly" }) };
        if (isRunning) await fetch(sweeps, hourly);
        return isRunning;
      },
      { interval: 1_000 },
    )
    .toBe(false);
  await idle(world);
  return list();
}
