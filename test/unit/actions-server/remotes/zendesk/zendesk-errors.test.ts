/** Is every way in which Zendesk says no understood? */
import { describe, expect, it } from "vitest";
import type { OutboundReply } from "#platform/outbound/send";
import {
  failureError,
  isRecordNotFound,
  readRefusal,
  refusedWrite,
  replyError,
} from "#remotes/zendesk/zendesk-errors";

const reply = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): OutboundReply => ({
  kind: "reply",
  status,
  headers,
  text: typeof body === "string" ? body : JSON.stringify(body),
});

describe("readRefusal", () => {
  it.each([
    [
      { error: "RecordNotFound", description: "Not found" },
      { code: "RecordNotFound", message: "Not found" },
    ],
    [
      { error: "invalid_token", error_description: "expired" },
      { code: "invalid_token", message: "expired" },
    ],
    [{ error: "Couldn't authenticate you" }, { code: "Couldn't authenticate you" }],
    [
      { error: { title: "Forbidden", message: "You do not have access" } },
      { code: "Forbidden", message: "You do not have access" },
    ],
    [
      { errors: [{ code: "InvalidPaginationDepth", title: "Bad", detail: "Too deep" }] },
      { code: "InvalidPaginationDepth", message: "Too deep" },
    ],
    [
      {
        error: "RecordInvalid",
        description: "Record validation errors",
        details: {
          assignee: [{ description: "Assignee: is invalid", error: "InvalidValue" }],
          base: ["Ticket form is inactive"],
        },
      },
      {
        code: "RecordInvalid",
        message: "Record validation errors: Assignee: is invalid: Ticket form is inactive",
      },
    ],
    [{ errors: [] }, {}],
    [
      { title: "Automated response", detail: "Rate limited by edge", status: "429" },
      { code: "Automated response", message: "Rate limited by edge" },
    ],
    [
      "Number of allowed API requests\n per minute exceeded",
      {
        message: "Number of allowed API requests per minute exceeded",
      },
    ],
    ["", {}],
    ["<!DOCTYPE html><html>maintenance</html>", {}],
    ["[1]", { message: "[1]" }],
    [`"${"x".repeat(500)}"`, { message: `"${"x".repeat(399)}` }],
  ])("reads %j", (body, said) => {
    expect(readRefusal(reply(400, body).text)).toEqual({
      code: undefined,
      message: undefined,
      ...said,
    });
  });
});

describe("replyError", () => {
  it.each([
    [400, "ZENDESK_REFUSED"],
    [401, "ZENDESK_REFUSED"],
    [403, "ZENDESK_REFUSED"],
    [404, "ZENDESK_REFUSED"],
    [302, "ZENDESK_REFUSED"],
    [422, "ZENDESK_REFUSED"],
    [429, "ZENDESK_UNAVAILABLE"],
    [500, "ZENDESK_UNAVAILABLE"],
    [503, "ZENDESK_UNAVAILABLE"],
    [524, "ZENDESK_UNAVAILABLE"],
  ])("takes %i for %s", (status, code) => {
    expect(replyError(reply(status, ""), "GET /x")).toMatchObject({
      code,
      message: `Zendesk answered GET /x with ${status}`,
    });
  });

  it("says where and what, and when to come back", () => {
    const busy = reply(
      429,
      { error: "APIRateLimitExceeded", description: "Wait" },
      {
        "retry-after": "12",
      },
    );
    expect(replyError(busy, "GET /x")).toMatchObject({
      message: "Zendesk answered GET /x with 429 (APIRateLimitExceeded: Wait)",
      retryAfterSeconds: 12,
    });
  });
});

describe("a refusal that passes", () => {
  it.each([
    [408, {}],
    [409, { error: "DatabaseConflict", description: "Database collision" }],
    [503, { error: "DatabaseDeadlock" }],
  ])("is unavailable: %s", (status, body) => {
    expect(replyError(reply(status, body), "POST /x").code).toBe("ZENDESK_UNAVAILABLE");
  });

  it("asks callers to wait a second at least", () => {
    const error = replyError({ ...reply(429, {}), headers: { "retry-after": "0" } }, "GET /x");
    expect(error.retryAfterSeconds).toBe(1);
  });
});

describe("isRecordNotFound", () => {
  it.each([
    [reply(404, { error: "RecordNotFound", description: "Not found" }), true],
    [reply(404, { error: "InvalidEndpoint", description: "Not found" }), false],
    [reply(404, "<html>No such account</html>"), false],
    [reply(400, { error: "RecordNotFound" }), false],
  ])("distinguishes a missing record from a wrong address: %j", (answer, missing) => {
    expect(isRecordNotFound(answer)).toBe(missing);
  });
});

describe("refusedWrite", () => {
  const invalid = (field: string, description: string) => ({
    error: "RecordInvalid",
    description: "Record validation errors",
    details: { [field]: [{ description, error: "InvalidValue" }] },
  });
  it.each([
    [reply(200, {}), undefined],
    [reply(404, { error: "RecordNotFound" }), "not_found"],
    [reply(404, { error: "InvalidEndpoint" }), undefined],
    [reply(409, { error: "UpdateConflict" }), "conflict"],
    [reply(409, { error: "DatabaseConflict" }), "conflict"],
    [reply(422, invalid("status", "closed prevents ticket update")), "closed"],
    [reply(422, invalid("base", "Status: closed prevents ticket update")), "closed"],
    [reply(422, { error: "RecordInvalid", details: { status: "closed" } }), "closed"],
    [reply(422, invalid("requester", "Requester: Rita is suspended.")), "requester_suspended"],
    [reply(422, invalid("base", "A ticket can have at most 5000 comments")), "too_many_comments"],
    [reply(422, invalid("comment", "Comment limit of 5,000 reached")), "too_many_comments"],
    [reply(422, invalid("status", "Status: cannot go back to new")), undefined],
    [reply(422, { error: "RecordInvalid", details: [null, { base: null }] }), undefined],
    [reply(422, "closed"), undefined],
    [reply(400, invalid("status", "closed prevents ticket update")), undefined],
  ])("reads what a write was refused for: %j", (answer, refused) => {
    expect(refusedWrite(answer)).toBe(refused);
  });
});

describe("failureError", () => {
  it.each([
    ["deadline", "ZENDESK_UNAVAILABLE"],
    ["timeout", "ZENDESK_UNAVAILABLE"],
    ["network", "ZENDESK_UNAVAILABLE"],
    ["too_large", "ZENDESK_REFUSED"],
  ] as const)("takes %s for %s and keeps the cause", (reason, code) => {
    const cause = new Error("below");
    expect(failureError({ kind: "failed", reason, cause }, "GET /x")).toMatchObject({
      code,
      cause,
      message: expect.stringMatching(/^Zendesk .*: GET \/x$/) as string,
    });
  });
});
