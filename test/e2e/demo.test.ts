import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Client } from "pg";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import type { DemoReport } from "#scripts/demo/report";
import { runScript, startScript } from "../support/run-script.ts";

const env = { DATABASE_URL: inject("templateUrl") };

async function demo(...args: string[]) {
  const finished = await runScript("scripts/demo.ts", ["--json", ...args], env);
  return { ...finished, report: JSON.parse(finished.stdout) as DemoReport };
}

/** Everything but the times. */
function counts(report: DemoReport) {
  const {
    latencyMs: _latency,
    durationMs: _duration,
    deliveriesPerSecond: _rate,
    ...rest
  } = report;
  return rest;
}

describe("npm run demo", () => {
  it("holds every invariant, with the same counts for the same seed", async () => {
    const [first, second] = await Promise.all([demo("--seed", "11"), demo("--seed", "11")]);

    expect(first.stderr).not.toContain("Broken");
    expect(first.code).toBe(0);
    expect(Object.keys(first.report)).toEqual([
      "events",
      "deliveries",
      "deliveriesPerSecond",
      "coverage",
      "flows",
      "resolved",
      "links",
      "conversations",
      "duplicatesAbsorbed",
      "latencyMs",
      "sync",
      "durationMs",
      "samples",
      "invariants",
      "ok",
    ]);
    const { report } = first;
    expect(report).toMatchObject({ ok: true, flows: { failed: 0 } });
    expect(report.events).toBeGreaterThanOrEqual(280);
    expect(report.deliveries).toBeGreaterThan(report.events);
    const { coverage, sync } = report;
    expect(coverage).toEqual({
      solved: coverage.solved,
      stored: coverage.solved,
      linked: report.resolved.matched,
    });
    expect(report.conversations).toBe(coverage.solved + sync.loaded);
    // What agents touched without solving it is linked by the sweep.
    expect(report.links).toBeGreaterThan(coverage.linked);
    expect(sync).toMatchObject({ recovered: [], redacted: 1, deleted: 1 });
    expect(sync.loaded).toBeGreaterThan(10);
    expect(report.invariants).toHaveLength(9);
    expect(report.invariants.flatMap(({ broken }) => broken)).toEqual([]);
    expect(report.samples.map(({ resolved }) => resolved.outcome)).toEqual([
      "matched",
      "ambiguous",
      "none",
    ]);
    expect(report.duplicatesAbsorbed).toBeGreaterThan(0);
    for (const count of Object.values(report.resolved)) expect(count).toBeGreaterThan(0);
    expect(counts(second.report)).toEqual(counts(report));
  });

  it.each([
    ["no-idempotency", "every repeated delivery is absorbed"],
    ["double-link", "one link per matched ticket"],
  ])("notices the sabotage %s", async (sabotage, invariant) => {
    const { code, report, stderr } = await demo("--sabotage", sabotage, "--tickets", "20");

    expect(code).toBe(1);
    expect(report.ok).toBe(false);
    expect(stderr).toContain(`Broken invariant: ${invariant}`);
    const broken = report.invariants.filter((found) => found.broken.length > 0);
    expect(broken.map(({ name }) => name)).toContain(invariant);
  });

  it("repairs a lost event by the sync, and says so", async () => {
    const { code, report, stderr } = await demo("--sabotage", "drop-event", "--tickets", "20");

    expect(stderr).not.toContain("Broken");
    expect(code).toBe(0);
    expect(report.ok).toBe(true);
    expect(report.sync.recovered).toHaveLength(1);
    expect(report.sync.repaired).toBeGreaterThanOrEqual(1);
  });

  it("notices a lost event that no sync repairs", async () => {
    const args = ["--sabotage", "drop-event", "--no-sync", "--tickets", "20"];
    const { code, report, stderr } = await demo(...args);

    expect(code).toBe(1);
    expect(stderr).toContain("Broken invariant: every event is captured exactly once");
    expect(report.sync).toMatchObject({ loaded: 0, repaired: 0, recovered: [] });
  });

  it("fails when there was nothing to sabotage, and says so", async () => {
    const { code, report, stderr } = await demo(
      "--sabotage",
      "no-idempotency",
      "--tickets",
      "1",
      "--seed",
      "4",
    );

    expect(code).toBe(1);
    expect(report.ok).toBe(false);
    expect(stderr).toContain("met nothing to break");
  });

  it("stops what it started when it is interrupted half way", async () => {
    const client = new Client({ connectionString: env.DATABASE_URL });
    await client.connect();
    // By their owner they are known from those of tests that run meanwhile.
    const owner = `demo_${randomUUID().replaceAll("-", "")}`;
    await client.query(`create role ${owner} superuser login password 'secret'`);
    onTestFinished(async () => {
      await client.query(`drop role ${owner}`);
      await client.end();
    });
    const url = new URL(env.DATABASE_URL);
    url.username = owner;
    url.password = "secret";
    const worlds = async () => {
      const { rows } = await client.query(
        "select from pg_database where datdba = $1::regrole and datname like 'caseqa\\_world\\_%'",
        [owner],
      );
      return rows.length;
    };
    const child = startScript("scripts/demo.ts", [], { DATABASE_URL: url.href });
    const ended = once(child, "close");
    let met: Promise<number> | undefined;
    let progress = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      progress += chunk;
      if (progress.includes("flow runs done")) met ??= worlds().finally(() => child.kill("SIGINT"));
    });

    expect(await ended).toEqual([130, null]);
    expect(await met).toBe(1);
    expect(await worlds()).toBe(0);
  });

  it("tells a fault in a line, without a stack", async () => {
    const finished = await runScript("scripts/demo.ts", [], { DATABASE_URL: "nonsense" });

    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain("DATABASE_URL leads to no Postgres");
    expect(finished.stderr).not.toContain("    at ");
  });

  it.each([
    [["--sabotage", "everything"], 2, "Allowed choices are no-idempotency"],
    [["--tickets", "many"], 2, "option '--tickets <N>' argument 'many' is invalid"],
  ])("refuses %j", async (args, code, message) => {
    const finished = await runScript("scripts/demo.ts", args, env);

    expect(finished).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(message) });
    expect(finished.stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("explains itself", async () => {
    const finished = await runScript("scripts/demo.ts", ["--help"], env);

    expect(finished).toMatchObject({ code: 0, stdout: expect.stringContaining("--sabotage") });
  });
});
