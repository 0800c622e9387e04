/** Do the metrics show the queues at every scrape, and nothing while these cannot be read? */
import { expect, it } from "vitest";
import { createMetrics } from "#platform/metrics/metrics";

it("shows depth, dead letters and age of every queue, and says when it cannot", async () => {
  const metrics = createMetrics();
  let isAway = false;
  metrics.watchQueues(async () => {
    if (isAway) throw new Error("away");
    return [{ queue: "greet", open: 3, dead: 1, oldestSeconds: 12.5 }];
  });
  const scrape = async () => (await metrics.registry.metrics()).split("\n");
  expect(await scrape()).toEqual(
    expect.arrayContaining([
      'caseqa_jobs_open{queue="greet"} 3',
      'caseqa_jobs_dead{queue="greet"} 1',
      'caseqa_jobs_oldest_seconds{queue="greet"} 12.5',
      "caseqa_jobs_readable 1",
    ]),
  );
  isAway = true;
  const away = await scrape();
  expect(away).toContain("caseqa_jobs_readable 0");
  expect(away.join("\n")).not.toContain('queue="greet"');
});
