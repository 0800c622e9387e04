/** Which webhooks count as signed by Zendesk, and of now? */
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Secret } from "#platform/secret";
import { checkSignature } from "#subjects/signed-webhooks/signature";

const OLD = "old-signing-secret";
const NEW = "new-signing-secret";
const BODY = '{"id":"1","text":"größer"}';
const SIGNED_AT = "2026-03-02T09:15:00Z";
const sign = (secret: string, text: string) =>
  createHmac("sha256", secret).update(text).digest("base64");

function check(
  changes: Record<string, string | undefined> = {},
  { body = BODY, now = SIGNED_AT } = {},
) {
  return checkSignature({
    headers: {
      "x-zendesk-webhook-signature": sign(NEW, SIGNED_AT + BODY),
      "x-zendesk-webhook-signature-timestamp": SIGNED_AT,
      "x-zendesk-webhook-invocation-id": "01K7HZ3Q8V",
      ...changes,
    },
    body: Buffer.from(body),
    secrets: [new Secret(OLD), new Secret(NEW)],
    now: new Date(now),
  });
}

describe("checkSignature", () => {
  it("computes what Zendesk's own sample does", () => {
    // Secret, timestamp and body of a test send, signed by another implementation (Python's hmac).
    const signed = checkSignature({
      headers: {
        "x-zendesk-webhook-signature": "/mXSigLOoEkcTQbsWqgaVKrxFhN+K298pf/niM2rAnI=",
        "x-zendesk-webhook-signature-timestamp": "2021-03-25T05:09:27Z",
        "x-zendesk-webhook-invocation-id": "i",
      },
      body: Buffer.from('{"a":1}'),
      secrets: [new Secret("dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==")],
      now: new Date("2021-03-25T05:09:27Z"),
    });
    expect(signed.ok).toBe(true);
  });

  it.each([
    ["the new secret", {}],
    ["the old secret", { "x-zendesk-webhook-signature": sign(OLD, SIGNED_AT + BODY) }],
  ])("takes a signature by %s", (_, changes) => {
    expect(check(changes)).toMatchObject({ ok: true, invocation: "01K7HZ3Q8V" });
  });

  it("knows a signature again, however its last character is written", () => {
    const signature = sign(NEW, SIGNED_AT + BODY);
    const bytes = Buffer.from(signature, "base64");
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".split("");
    const others = alphabet
      .map((last) => `${signature.slice(0, 42)}${last}=`)
      .filter((other) => Buffer.from(other, "base64").equals(bytes));
    expect(others).toHaveLength(4);
    for (const other of others) {
      expect(check({ "x-zendesk-webhook-signature": other })).toMatchObject({
        ok: true,
        signature,
      });
    }
  });

  it("takes an empty body", () => {
    const changes = { "x-zendesk-webhook-signature": sign(NEW, SIGNED_AT) };
    expect(check(changes, { body: "" }).ok).toBe(true);
  });

  it.each([
    ["2026-03-02T09:10:00.000Z", true],
    ["2026-03-02T09:20:00.000Z", true],
    ["2026-03-02T09:09:59.999Z", false],
    ["2026-03-02T09:20:00.001Z", false],
  ])("at %s: %s", (now, taken) => {
    expect(check({}, { now }).ok).toBe(taken);
  });

  it.each([
    ["x-zendesk-webhook-signature", undefined, /Signature is missing/],
    ["x-zendesk-webhook-signature", "", /wrong form/],
    ["x-zendesk-webhook-signature", sign("other", SIGNED_AT + BODY), /does not fit/],
    ["x-zendesk-webhook-signature", sign(NEW, SIGNED_AT + BODY).slice(0, 43), /wrong form/],
    ["x-zendesk-webhook-signature", sign(NEW, `${SIGNED_AT}.${BODY}`), /does not fit/],
    ["x-zendesk-webhook-signature-timestamp", undefined, /Timestamp is missing/],
    ["x-zendesk-webhook-signature-timestamp", "1772442900", /not a time/],
    ["x-zendesk-webhook-signature-timestamp", "2026-13-02T09:15:00Z", /not a time/],
    ["x-zendesk-webhook-signature-timestamp", "2026-03-02T09:15:01Z", /does not fit/],
    ["x-zendesk-webhook-signature-timestamp", `${SIGNED_AT}, ${SIGNED_AT}`, /not a time/],
    ["x-zendesk-webhook-invocation-id", undefined, /Invocation-Id is missing/],
    ["x-zendesk-webhook-invocation-id", "a b", /wrong form/],
  ])("refuses %s %j", (name, value, problem) => {
    expect(check({ [name]: value })).toEqual({
      ok: false,
      problem: expect.stringMatching(problem) as string,
    });
  });

  it("refuses a body that was changed by one byte", () => {
    expect(check({}, { body: BODY.replace("1", "2") }).ok).toBe(false);
  });
});
