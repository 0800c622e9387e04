/** Does a hostile body cost little: is it refused at its first fault, and are answers and log lines of a bounded length? */
import { describe, expect, it } from "vitest";
import { OPERATIONS, type OperationName } from "#contract/actions/operations";
import { LONGEST_BODIES } from "#test/support/longest-bodies";
import { newKey, post, RESOLVE, startEdge } from "./edge.ts";

const ANNOTATE = OPERATIONS["annotate-ticket"].path;
interface Refusal {
  readonly error: { readonly code: string; readonly message: string };
}

describe("a body", () => {
  const names = Object.keys(OPERATIONS) as OperationName[];

  it.each(names)("of %s is read up to what its contract allows, and no further", async (name) => {
    const { app } = await startEdge({
      runOnce: async () => ({ kind: "ran", status: 200, body: "{}" }),
    });
    const { path, bodyBytes } = OPERATIONS[name];
    const key = { "idempotency-key": newKey() };
    const longest = JSON.stringify(LONGEST_BODIES[name]);
    expect((await post(app, path, longest, key)).statusCode).toBe(200);
    const room = bodyBytes - Buffer.byteLength(longest);
    expect((await post(app, path, longest + " ".repeat(room), key)).statusCode).toBe(200);
    const reply = await post(app, path, longest + " ".repeat(room + 1), key);
    expect([reply.statusCode, reply.json<Refusal>().error.code]).toEqual([
      413,
      "PAYLOAD_TOO_LARGE",
    ]);
  });

  it("of a megabyte is refused unread, whatever it holds", async () => {
    const { app, contexts } = await startEdge();
    const repeated = JSON.stringify({
      ticket_id: 7,
      match_order: Array.from({ length: 160_000 }, (_, at) => `${at % 10_000}`),
    });
    const empty = JSON.stringify({ candidates: Array.from({ length: 340_000 }, () => ({})) });
    for (const [path, body] of [
      [RESOLVE, repeated],
      [ANNOTATE, empty],
    ] as const) {
      expect((await post(app, path, body, { "idempotency-key": newKey() })).statusCode).toBe(413);
    }
    expect(contexts).toEqual([]);
  });

  it("with thousands of faults is refused at the first one", async () => {
    const { app, lines } = await startEdge();
    const candidates = Array.from({ length: 20_000 }, () => ({}));
    const body = { ticket_id: 7, telling: "note", reason: "ambiguous_case", candidates };
    const reply = await post(app, ANNOTATE, body, { "idempotency-key": newKey() });
    expect(reply.statusCode).toBe(400);
    expect(reply.json<Refusal>().error.message).toBe(
      "body.candidates must NOT have more than 10 items",
    );
    const detail = lines.find((line) => line.includes('"refused"')) ?? "";
    expect(detail).toContain('"detail":"body/candidates fails maxItems"');
  });

  it("that is small is answered with all its faults", async () => {
    const { app } = await startEdge();
    const reply = await post(app, RESOLVE, { tiket_id: 7, match_order: ["email"] });
    const { message } = reply.json<Refusal>().error;
    expect(message).toContain("body.ticket_id is missing");
    expect(message).toContain("did you mean ticket_id?");
    expect(message).toContain("body.match_order[0] must be");
  });
});

describe("answers and log lines", () => {
  const long = "x".repeat(3_900);
  it.each<[string, string, string | object, Record<string, string>]>([
    ["hundreds of small faults", RESOLVE, { ticket_id: 7, match_order: Array(190).fill(0) }, {}],
    ["an unknown member with a long name", RESOLVE, { ticket_id: 7, [long]: 1 }, {}],
    ["a long text that is not an id", RESOLVE, { ticket_id: long }, {}],
    ["a long media type", RESOLVE, "{}", { "content-type": `text/${long}` }],
    ["a long path", `/${long}`, {}, {}],
    ["a long path that cannot be decoded", `/%zz${long}`, {}, {}],
    ["a long parameter", `/v1/admin/tickets/${long}`, {}, {}],
  ])("stay short for %s", async (_, url, body, headers) => {
    const { app, lines } = await startEdge();
    const reply = await post(app, url, body, headers);
    expect(reply.statusCode).toBeGreaterThanOrEqual(400);
    expect(reply.statusCode).toBeLessThan(500);
    expect(reply.body.length).toBeLessThan(1_500);
    for (const line of lines) expect(line.length).toBeLessThan(3_000);
  });

  it("stay short when a fault of ours has a long message and many causes", async () => {
    const causes = Array.from({ length: 1_000 }, () => new Error("c".repeat(10_000)));
    const fault = new AggregateError(causes, "m".repeat(1_000_000));
    const { app, lines } = await startEdge({
      actions: {
        "resolve-case": async () => {
          throw fault;
        },
      },
    });
    const reply = await post(app, RESOLVE, { ticket_id: 7 });
    expect([reply.statusCode, reply.body.length < 500]).toEqual([500, true]);
    for (const line of lines) expect(line.length).toBeLessThan(50_000);
  });
});
