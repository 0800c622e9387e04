/** Does the log say what went wrong, whatever was thrown? */
import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createLog } from "#platform/log";

function lineOf(members: object): Record<string, unknown> {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  createLog("error", sink).error(members, "a fault");
  return JSON.parse(lines[0] ?? "") as Record<string, unknown>;
}

const describeInLog = (err: unknown) => lineOf({ err })["err"];

describe("the log", () => {
  it("describes an error with its code and its causes", () => {
    const cause = Object.assign(new Error("refused"), { code: "ECONNREFUSED", detail: "canary" });
    expect(describeInLog(new Error("away", { cause }))).toEqual({
      type: "Error",
      message: "away",
      stack: expect.stringContaining("away"),
      causes: [
        {
          type: "Error",
          message: "refused",
          code: "ECONNREFUSED",
          stack: expect.stringContaining("refused"),
        },
      ],
    });
  });

  it("describes what is not an Error by its message, and by nothing else that it holds", () => {
    const copied = { message: "the queue is gone", code: "57P01", queue: "canary" };
    expect(describeInLog(copied)).toEqual({
      type: "object",
      message: "the queue is gone",
      code: "57P01",
    });
    expect(describeInLog("just a text")).toEqual({ type: "string", message: "just a text" });
    expect(describeInLog(7)).toEqual({ type: "number" });
    expect(describeInLog({ message: { deep: 1 }, cause: { message: "why" } })).toEqual({
      type: "object",
      causes: [{ type: "object", message: "why" }],
    });
  });

  it("hides credentials up to two levels deep, and leaves what was logged as it is", () => {
    const members = {
      token: "canary",
      ticket: { password: "canary", id: "7" },
      call: { headers: { authorization: "canary", accept: "json" } },
      at: new Date(0),
    };
    const before = structuredClone(members);
    expect(lineOf(members)).toMatchObject({
      token: "[hidden]",
      ticket: { password: "[hidden]", id: "7" },
      call: { headers: { authorization: "[hidden]", accept: "json" } },
      at: "1970-01-01T00:00:00.000Z",
    });
    expect(members).toEqual(before);
  });
});
