/** Does the log keep what an operator needs, and never a word of a body? */
import { describe, expect, it } from "vitest";
import { AppError, type ErrorCode } from "#platform/errors";
import type { ActionAnswer, ActionResult } from "#platform/http/answered-action";
import { toLogRow, type FinishedAction } from "#subjects/action-log/log-row";

const answered = (answer: ActionAnswer): ActionResult => ({
  kind: "answered",
  answer: () => answer,
});
const failure = (code: ErrorCode, message: string): ActionResult => ({
  kind: "failed",
  error: new AppError(code, message),
});
const action: FinishedAction = {
  account: "acme",
  at: new Date("2026-11-25T08:00:10Z"),
  operation: "record-assignment",
  body: { ticket_id: 12, occurred_at: "2026-11-25T08:00:00Z", secret: "canary" },
  eventKey: "key",
  result: answered({ outcome: "recorded" }),
  durationMs: 2_000,
};

describe("toLogRow", () => {
  it("keeps ticket, key, outcome, duration and the event's lag at the time of its arrival", () => {
    expect(toLogRow(action)).toEqual({
      account: "acme",
      at: action.at,
      operation: "record-assignment",
      ticketId: "12",
      eventKey: "key",
      outcome: "recorded",
      failed: false,
      message: null,
      durationMs: 2_000,
      lagSeconds: 8,
    });
  });

  it("keeps the code and the message of a failure", () => {
    const result = failure("ZENDESK_REFUSED", "Zendesk answered with 403");
    expect(toLogRow({ ...action, result })).toMatchObject({
      outcome: "ZENDESK_REFUSED",
      failed: true,
      message: "Zendesk answered with 403",
    });
  });

  it("counts a conversation that was not read as a failure, with the reason", () => {
    const reason = "what was said cannot be read";
    const result = answered({ outcome: "conversation_unreadable", reason });
    expect(toLogRow({ ...action, result })).toMatchObject({
      outcome: "conversation_unreadable",
      failed: true,
      message: reason,
    });
  });

  it.each([
    [0, null],
    [2, "Parts that came in an unknown form and were left out: 2."],
  ])("says what was left out of a conversation: %i", (skipped, message) => {
    const result = answered({ outcome: "captured", skipped });
    expect(toLogRow({ ...action, result })).toMatchObject({ failed: false, message });
  });

  it("does not keep a refusal that may quote the body", () => {
    const result = failure("BAD_REQUEST", "body has the unknown member canary");
    expect(JSON.stringify(toLogRow({ ...action, result }))).not.toContain("canary");
  });

  const nested = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`) as unknown;
  it.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a text", "text"],
    ["a number", 7],
    ["a list", []],
    ["a ticket id with more behind it", { ticket_id: "12; drop" }],
    ["an object for a ticket id", { ticket_id: { a: 1 } }],
    ["an object without a text for a ticket id", { ticket_id: { toString: 1 } }],
    ["lists in lists for a ticket id", { ticket_id: nested }],
  ])("takes %s as a body without a ticket", (_, body) =>
    expect(toLogRow({ ...action, body })).toMatchObject({ ticketId: null }),
  );

  it("takes an answer without an outcome, a time that is not one, and what Postgres refuses", () => {
    const silent = answered({});
    expect(toLogRow({ ...action, result: silent, body: { occurred_at: "soon" } })).toMatchObject({
      outcome: "unknown",
      lagSeconds: null,
    });
    const result = failure("INTERNAL", "a\0b\ud800");
    expect(toLogRow({ ...action, result }).message).toBe("a\ufffdb\ufffd");
  });
});
