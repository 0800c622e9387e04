/** Would the histories notice a server that is wrong? */
import { describe, expect, it } from "vitest";
import { planHistory } from "./plan.ts";
import { runHistories } from "./run.ts";

const TICKETS = ["1", "2", "3", "4", "5", "6", "7", "8"];

/** Histories that end a server between the effect of a capture and its record. */
const seeds = Array.from({ length: 400 }, (_, seed) => seed)
  .filter((seed) => {
    const { crash, events, trouble } = planHistory(seed, TICKETS, { servers: 1, redis: false });
    return (
      crash.point === "after-effect" &&
      crash.passes === 0 &&
      events[0]?.action === "capture-conversation" &&
      trouble.kind === "none"
    );
  })
  .slice(0, 2);

describe("the histories", () => {
  it("find an effect that commits without its record", async () => {
    const { violations } = await runHistories({ seeds, bug: "split-commit" });
    expect(violations.join("\n")).toMatch(/capture-conversation event-0 took effect [2-9] times/);
  });

  it("find an answer that is not the one that was given", async () => {
    const { violations } = await runHistories({ seeds, bug: "forgotten-answer" });
    expect(violations.join("\n")).toMatch(/was given different answers/);
    expect(violations.join("\n")).toMatch(/has calls that no order explains/);
  });
});
