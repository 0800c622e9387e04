/** How long after an event its conversation is stored, when events come at 80 % of what a plan's limit allows. */
import { atRate, quantile, type Figure, type Part } from "./part.ts";
import { solvable, storedAt, withWorld } from "./bench-world.ts";

const PLANS = [700, 2_500];
const PART = 0.8;
/** The ticket and its comments to store it, and the ticket once more to look for its case. */
const REQUESTS = 3;
/** Until what others take is known, which takes a whole minute, flows have half of the limit. */
const LEARNING_SECONDS = 125;
const LEARNING_PER_SECOND = 1;
const AIM_MS = 2_000;

export const lag: Part = {
  name: "lag",
  about: "event to stored, at 80 % of what 700 and 2,500 requests a minute allow",
  async run({ seconds }) {
    const figures: Figure[] = [];
    const raw: Record<string, unknown> = {};
    for (const perMinute of PLANS) {
      const rate = (perMinute * PART) / REQUESTS / 60;
      const wanted = Math.ceil(rate * seconds) + LEARNING_SECONDS * LEARNING_PER_SECOND;
      const lags = await withWorld(
        { tickets: wanted * 8, limits: { requestsPerMinute: perMinute } },
        async (world) => {
          const tickets = solvable(world);
          if (tickets.length < wanted)
            throw new Error(`only ${tickets.length} of ${wanted} tickets`);
          const solvedAt = new Map<string, number>();
          const solveFrom = (first: number) => async (index: number) => {
            const ticket = tickets[first + index] ?? "";
            solvedAt.set(ticket, Date.now());
            world.zendesk.agents.setStatus(ticket, "solved");
          };
          const learning = LEARNING_SECONDS * LEARNING_PER_SECOND;
          await atRate(LEARNING_PER_SECOND, LEARNING_SECONDS, solveFrom(0));
          await atRate(rate, seconds, solveFrom(learning));
          const measured = [...solvedAt.keys()].slice(learning);
          const stored = await storedAt(world, measured);
          return measured.map(
            (id) => (stored.get(id) ?? Number.POSITIVE_INFINITY) - solvedAt.get(id)!,
          );
        },
      );
      const of = `at ${(rate * 60).toFixed(0)} tickets a minute of a plan of ${perMinute}`;
      figures.push(
        { what: `p50 ${of}`, value: quantile(lags, 0.5), unit: "ms" },
        { what: `p99 ${of}`, value: quantile(lags, 0.99), unit: "ms", aim: { most: AIM_MS } },
      );
      raw[perMinute] = lags;
    }
    return { figures, raw };
  },
};
