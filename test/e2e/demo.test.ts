import { describe, expect, inject, it } from "vitest";
import type { DemoReport } from "../../scripts/demo/report.ts";
import { runScript } from "../support/run-script.ts";

const env = { DATABASE_URL: inject("templateUrl") };

async function demo(...args: string[]) {
  const finished = await runScript("scripts/demo.ts", ["--json", ...args], env);
  return { ...finished, report: JSON.parse(finished.stdout) as DemoReport };
}

/** Everything but the times. */
function counts({ latencyMs: _latency, durationMs: _duration, ...rest }: DemoReport) {
  return rest;
}

describe("npm run demo", () => {
  it("holds every invariant, with the same counts for the same seed", async () => {
    const first = await demo("--seed", "11");
    const second = await demo("--seed", "11");

    expect(first.stderr).not.toContain("Broken");
    expect(first.code).toBe(0);
    expect(Object.keys(first.report)).toEqual([
      "events",
      "deliveries",
      "flows",
      "resolved",
      "links",
      "conversations",
      "duplicatesAbsorbed",
      "latencyMs",
      "durationMs",
      "ok",
    ]);
    const { report } = first;
    expect(report).toMatchObject({ ok: true, flows: { failed: 0 } });
    expect(report.events).toBeGreaterThanOrEqual(280);
    expect(report.deliveries).toBeGreaterThan(report.events);
    expect(report.links).toBe(report.resolved.matched);
    expect(report.duplicatesAbsorbed).toBeGreaterThan(0);
    for (const count of Object.values(report.resolved)) expect(count).toBeGreaterThan(0);
    expect(counts(second.report)).toEqual(counts(report));
  });

  it.each([
    ["no-idempotency", "every repeated delivery is absorbed"],
    ["drop-event", "every event is captured exactly once"],
    ["double-link", "one link per matched ticket"],
  ])("notices the sabotage %s", async (sabotage, invariant) => {
    const { code, report, stderr } = await demo("--sabotage", sabotage, "--tickets", "60");

    expect(code).toBe(1);
    expect(report.ok).toBe(false);
    expect(stderr).toContain(`Broken invariant: ${invariant}`);
  });

  it.each([
    [["--sabotage", "everything"], 2, "--sabotage is one of"],
    [["--tickets", "many"], 2, "--tickets takes a whole number"],
  ])("refuses %j", async (args, code, message) => {
    const finished = await runScript("scripts/demo.ts", args, env);

    expect(finished).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(message) });
  });

  it("explains itself", async () => {
    const finished = await runScript("scripts/demo.ts", ["--help"], env);

    expect(finished).toMatchObject({ code: 0, stdout: expect.stringContaining("--sabotage") });
  });
});
