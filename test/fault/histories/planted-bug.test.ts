/** Would the histories notice a server that is wrong? */
import { describe, expect, it } from "vitest";
import { planHistory, type History } from "./plan.ts";
import type { PlantedBug } from "./planted-bugs.ts";
import { runHistories } from "./run.ts";

const TICKETS = ["1", "2", "3", "4", "5", "6", "7", "8"];

/** Histories with the crash and the trouble that bring the bug to light. */
function seedsWith(isSo: (history: History) => boolean, most: number): number[] {
  return Array.from({ length: 400 }, (_, seed) => seed)
    .filter((seed) => isSo(planHistory(seed, TICKETS, { servers: 1, redis: false })))
    .slice(0, most);
}

/** They end a server between the effect of a capture and its record. */
const atEffect = seedsWith(
  ({ crash, events, trouble }) =>
    crash.point === "after-effect" &&
    crash.passes === 0 &&
    events[0]?.action === "capture-conversation" &&
    trouble.kind === "none",
  2,
);

async function findViolations(seeds: readonly number[], bug: PlantedBug): Promise<string> {
  const { violations } = await runHistories({ seeds, bug });
  return violations.map(({ kind, text }) => `${kind}: ${text}`).join("\n");
}

describe("the histories", () => {
  it("find an effect that commits without its record", async () => {
    expect(await findViolations(atEffect, "split-commit")).toMatch(
      /doubled: .*capture-conversation event-0 took effect [2-9] times/,
    );
  });

  it("find an answer that is not the one that was given", async () => {
    const violations = await findViolations(atEffect, "forgotten-answer");
    expect(violations).toMatch(/was given different answers/);
    expect(violations).toMatch(/has calls that no order explains/);
  });

  it("find a server that ends with a connection of its database, and show its last words", async () => {
    const ended = seedsWith(({ trouble }) => trouble.kind === "backends-ended", 1);
    expect(await findViolations(ended, "deaf-connections")).toMatch(
      /exit: .*server \d ended by itself \(code 1\):[^]*terminating connection/,
    );
  });
});
