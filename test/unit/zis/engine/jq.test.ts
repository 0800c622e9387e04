import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { createJq } from "#zis/engine/jq";
import type { Json } from "#zis/model/json";

const jq = createJq({ jqSeconds: 1, jqInputBytes: 1000, jqOutputBytes: 1000 });
afterAll(() => jq.close());

const never = new AbortController().signal;
const run = (expr: string, data: Json = null, signal = never) =>
  jq.perform({ kind: "jq", expr, data }, signal);

describe("createJq", () => {
  it.each<[string, Json, Json[]]>([
    [".a", { a: 1 }, [1]],
    [".[]", [1, "two\nlines", null, { b: [] }], [1, "two\nlines", null, { b: [] }]],
    ["empty", 1, []],
    ["-1", null, [-1]],
    ['"größe \\(.)"', "ß", ["größe ß"]],
    ["{b: 1, a: 2} | keys_unsorted", null, [["b", "a"]]],
    ['capture("(?<x>b+)"; "gi").x', "aBBc", ["BB"]],
    [".fields[] | select(.id == 3) // null", { fields: [] }, []],
    ['"raw\nbreak"', null, ["raw\nbreak"]],
  ])("runs %j on %j", async (expr, data, outputs) => {
    expect(await run(expr, data)).toEqual({
      ok: true,
      result: outputs[0] ?? null,
      outputs,
      elapsedMs: expect.any(Number) as number,
    });
  });

  it.each<[string, Json, string]>([
    [".a.b", { a: "x" }, 'Cannot index string with string ("b")'],
    ["", {}, "Top-level program not given"],
    [".a |", {}, "syntax error"],
    ["nope", {}, "nope/0 is not defined"],
    ['error("mine")', {}, "mine"],
    ["--arg", {}, "arg/0 is not defined"],
    ["halt_error", {}, "{}"],
    ["[range(1000)]", {}, "the output is larger than the 1000 bytes of limits.jqOutputBytes"],
    [
      ".",
      "x".repeat(1000),
      "the data given to Jq have 1002 bytes; limits.jqInputBytes allows 1000",
    ],
  ])("tells why %j fails", async (expr, data, error) => {
    const outcome = await run(expr, data);
    expect(outcome).toMatchObject({ ok: false, error: expect.stringContaining(error) as string });
    expect(outcome.ok || outcome.error).not.toMatch(/^jq: error/);
  });

  it("takes by default what ZIS does not forbid: data and output of ten megabytes", async () => {
    const generous = createJq();
    onTestFinished(() => generous.close());
    const data = "x".repeat(10 * 1024 * 1024);
    const outcome = await generous.perform(
      { kind: "jq", expr: "length", data },
      new AbortController().signal,
    );
    expect(outcome).toMatchObject({ ok: true, result: data.length });
    const echoed = await generous.perform(
      { kind: "jq", expr: ".", data },
      new AbortController().signal,
    );
    expect(echoed).toMatchObject({ ok: true, result: data });
  });

  it("ends an overdue program and goes on with a new thread", async () => {
    expect(await run("def f: f; f")).toMatchObject({
      ok: false,
      error: "the jq program ran longer than 1000 ms, which is limits.jqSeconds",
    });
    expect(await run(".a", { a: 1 })).toMatchObject({ ok: true, result: 1 });
  });

  it("replaces an instance that trapped", async () => {
    expect(await run("reduce range(20000) as $i (0; [.])")).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^jq stopped: /) as string,
    });
    expect(await run(".a", { a: 1 })).toMatchObject({ ok: true, result: 1 });
  });

  it("queues programs and keeps their answers apart", async () => {
    const outcomes = await Promise.all([
      run(".", 1),
      run("error", "x"),
      run("reduce range(20000) as $i (0; [.])"),
      ...Array.from({ length: 50 }, (_, index) => run(".", index)),
    ]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([
      true,
      false,
      false,
      ...Array.from({ length: 50 }, () => true),
    ]);
    expect(outcomes.slice(3).map((outcome) => outcome.ok && outcome.result)).toEqual(
      Array.from({ length: 50 }, (_, index) => index),
    );
  });

  it("ends an aborted program, waiting or running, and no other", async () => {
    const controller = new AbortController();
    const running = run("def f: f; f", null, controller.signal);
    const waiting = run(".", 1, controller.signal);
    const other = run(".", 2);
    controller.abort();
    const aborted = { ok: false, error: "the jq program was aborted" };
    expect(await running).toMatchObject(aborted);
    expect(await waiting).toMatchObject(aborted);
    expect(await run(".", 3, controller.signal)).toMatchObject(aborted);
    expect(await other).toMatchObject({ ok: true, result: 2 });
  });

  it("outlives many calls", async () => {
    for (let index = 0; index < 400; index += 1) {
      expect(await run(".i", { i: index })).toMatchObject({ result: index });
    }
  });

  it("fails what runs or waits when it is closed, and everything after", async () => {
    const closing = createJq();
    const perform = (expr: string) => closing.perform({ kind: "jq", expr, data: 1 }, never);
    const running = perform("def f: f; f");
    const waiting = perform(".");
    await closing.close();
    const closed = { ok: false, error: "jq is closed" };
    expect(await running).toMatchObject(closed);
    expect(await waiting).toMatchObject(closed);
    expect(await perform(".")).toMatchObject(closed);
    await closing.close();
  });
});
