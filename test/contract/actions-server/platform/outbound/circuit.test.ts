/** Is a failing remote system spared, and one that works never? */
import { describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import type { Priority } from "#platform/outbound/budget";
import { createRemote } from "#platform/outbound/remote";
import { createOutbound } from "#platform/outbound/send";
import { startScriptedServer, text } from "../../scripted-server.ts";

describe("the circuit", () => {
  async function startFailing() {
    const answer = { status: 503 };
    const system = await startScriptedServer(() => text("", answer.status));
    const outbound = createOutbound();
    const clock = { ms: 0 };
    const changes: string[] = [];
    const remote = createRemote({
      outbound,
      monotonicMs: () => clock.ms,
      random: () => 0.5,
      onCircuit: ({ state, circuit, open }) => changes.push(`${circuit} ${state}, ${open} open`),
    });
    const deadline = createDeadline(5_000);
    onTestFinished(async () => {
      deadline.clear();
      await outbound.close();
    });
    const send = (priority: Priority = "flow", path = "/") =>
      remote.send(
        { method: "GET", url: `${system.origin}${path}`, headers: {}, priority },
        deadline,
      );
    return { answer, system, clock, changes, send };
  }

  it("opens after failures, fails fast, and closes when the system is back", async () => {
    const { answer, system, clock, changes, send } = await startFailing();
    for (let call = 0; call < 10; call += 1) await send();
    expect(changes).toEqual(["flow GET / open, 1 open"]);

    expect(await send()).toMatchObject({ reason: "circuit_open", retryAfterSeconds: 1 });
    expect(system.calls).toHaveLength(10);

    clock.ms += 1_000;
    answer.status = 200;
    const atOnce = await Promise.all([send(), send(), send()]);
    expect(atOnce.map(({ kind }) => kind).toSorted()).toEqual(["failed", "failed", "reply"]);
    expect((await send()).kind).toBe("reply");
    expect(changes).toEqual(["flow GET / open, 1 open", "flow GET / closed, 0 open"]);
  });

  it("of a background job, or of another endpoint, stops no flow", async () => {
    const { answer, changes, send } = await startFailing();
    answer.status = 504;
    const exported = "/api/v2/incremental/tickets/cursor";
    for (let call = 0; call < 10; call += 1) await send("backfill", `/api/v2/tickets/${call}.json`);
    for (let call = 0; call < 10; call += 1) await send("backfill", exported);
    expect(await send("backfill", exported)).toMatchObject({ reason: "circuit_open" });
    expect(await send("backfill", "/api/v2/tickets/99.json")).toMatchObject({
      reason: "circuit_open",
    });
    expect(changes).toEqual([
      "backfill GET /api/#/tickets/# open, 1 open",
      "backfill GET /api/#/incremental/tickets/cursor open, 2 open",
    ]);
    answer.status = 200;
    expect(await send("flow", exported)).toMatchObject({ status: 200 });
    expect(await send("flow", "/api/v2/tickets/99.json")).toMatchObject({ status: 200 });
    expect(await send("agent", "/api/v2/tickets/99.json")).toMatchObject({ status: 200 });
  });

  it("stays closed when a page is larger than we read", async () => {
    const system = await startScriptedServer(() => text("x".repeat(2_000)));
    const outbound = createOutbound({ maxResponseBytes: 1_000 });
    const deadline = createDeadline(5_000);
    onTestFinished(async () => {
      deadline.clear();
      await outbound.close();
    });
    const remote = createRemote({
      outbound,
      monotonicMs: () => performance.now(),
      random: () => 0.5,
    });
    const request = { method: "GET", url: system.origin, headers: {} } as const;
    for (let call = 0; call < 12; call += 1) {
      expect(await remote.send(request, deadline)).toMatchObject({ reason: "too_large" });
    }
  });

  it("stays closed on refusals and reached limits, which a working system answers", async () => {
    const { answer, changes, send } = await startFailing();
    for (const status of [429, 403]) {
      answer.status = status;
      for (let call = 0; call < 12; call += 1) await send();
    }
    expect(changes).toEqual([]);
  });
});
