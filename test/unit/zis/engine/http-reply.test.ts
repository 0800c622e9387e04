import { describe, expect, it } from "vitest";
import { replyOutcome, type HttpReply } from "#zis/engine/http-reply";
import type { Json } from "#zis/model/json";

const now = () => new Date("2026-01-01T00:00:00Z");
const reply = (members: Partial<HttpReply>): HttpReply => ({
  status: 200,
  headers: {},
  bodyText: "",
  elapsedMs: 12,
  ...members,
});

describe("replyOutcome", () => {
  it.each<[string, Json]>([
    ['{"a":1}', { a: 1 }],
    ["[]", []],
    ["null", null],
    ["ok", { __httpresponse: "ok" }],
    ["<html>", { __httpresponse: "<html>" }],
    ['{"a":', { __httpresponse: '{"a":' }],
    ["", { __httpresponse: "" }],
  ])("makes of the body %j the result %j", (bodyText, result) => {
    expect(replyOutcome(reply({ bodyText }), { now })).toEqual({ ok: true, result, elapsedMs: 12 });
  });

  it.each([
    ["text", { __httpresponse: "" }],
    ["null", null],
    ["object", {}],
  ] as const)("gives an empty reply by emptyReply=%s", (emptyReply, result) => {
    const outcome = replyOutcome(reply({ status: 204 }), { now, emptyReply });
    expect(outcome).toMatchObject({ result });
  });

  it.each([199, 301, 304, 400, 404, 429, 500])(
    "refuses the status %i without its body",
    (status) => {
      expect(replyOutcome(reply({ status, bodyText: '{"secret":1}' }), { now })).toEqual({
        ok: false,
        error: `external action failed due to status code: ${status}`,
        status,
        elapsedMs: 12,
      });
    },
  );

  it.each([
    ["30", 30],
    ["Thu, 01 Jan 2026 00:01:00 GMT", 60],
    ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
    ["soon", undefined],
  ])("reads Retry-After: %s", (value, retryAfterSeconds) => {
    const outcome = replyOutcome(reply({ status: 429, headers: { "Retry-After": value } }), {
      now,
    });
    expect(outcome.ok ? "ok" : outcome.retryAfterSeconds).toBe(retryAfterSeconds);
  });
});
