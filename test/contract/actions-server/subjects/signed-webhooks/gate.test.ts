/** Does a signed webhook come in once, and nothing else at all? */
import { createHmac } from "node:crypto";
import Fastify, { type FastifyRequest } from "fastify";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { OpenDatabase } from "#platform/db/open";
import { createAudit } from "#platform/http/audit";
import { createSendError } from "#platform/http/error-reply";
import { registerWebhookGate } from "#subjects/signed-webhooks/gate";
import { Secret } from "#platform/secret";
import { createWebhookReceipts, type WebhookReceipts } from "#subjects/signed-webhooks/receipts";
import { freshDatabase } from "#test/support/postgres";

const SECRET = "signing-secret";
const START = Date.parse("2026-03-02T09:15:00Z");
const BODY = '{"id":"1", "type":"zen:event-type:ticket.created"}';

let database: OpenDatabase;
let lastAccount = 0;

beforeAll(async () => {
  database = await freshDatabase();
});

type Handle = (request: FastifyRequest) => Promise<unknown>;

/** A bare server with the gate; `clock.at` is its time in milliseconds. */
async function startGate(
  handle: Handle = async () => ({ outcome: "handled" }),
  broken: Partial<WebhookReceipts> = {},
) {
  const clock = { at: START };
  const now = () => new Date(clock.at);
  const receipts = { ...createWebhookReceipts({ db: database.db, now }), ...broken };
  const refusals: string[] = [];
  const audit = createAudit({ countRefusal: (reason) => void refusals.push(reason) });
  const account = `account-${(lastAccount += 1)}`;
  const app = Fastify();
  app.setErrorHandler(createSendError({ audit, callers: new WeakMap() }));
  const bodies: unknown[] = [];
  await app.register(async (scope) => {
    registerWebhookGate(scope, { account, secrets: [new Secret(SECRET)], receipts, now });
    scope.route({
      method: ["POST", "DELETE"],
      url: "/hook",
      handler: async (request) => {
        bodies.push(request.body);
        return handle(request);
      },
    });
  });
  app.post("/open", async (request) => request.body);
  onTestFinished(() => app.close());

  /** As Zendesk signs it at this moment, unless `changes` say otherwise. */
  async function deliver({
    body = BODY,
    invocation = "invocation-1",
    ...changes
  }: Record<string, string> & { body?: string; invocation?: string } = {}) {
    const timestamp = `${now().toISOString().slice(0, 19)}Z`;
    const reply = await app.inject({
      method: "POST",
      url: "/hook",
      headers: {
        "content-type": "application/json",
        "x-zendesk-webhook-signature": createHmac("sha256", SECRET)
          .update(timestamp + body)
          .digest("base64"),
        "x-zendesk-webhook-signature-timestamp": timestamp,
        "x-zendesk-webhook-invocation-id": invocation,
        ...changes,
      },
      payload: body,
    });
    const { error } = reply.json<{ error?: { code: string } }>();
    return { status: reply.statusCode, code: error?.code, headers: reply.headers };
  }
  return { app, clock, deliver, bodies, refusals, receipts };
}

describe("the webhook gate", () => {
  it("hands on what is signed, as JSON, and leaves other routes alone", async () => {
    const { app, deliver, bodies } = await startGate();
    expect((await deliver()).status).toBe(200);
    expect(bodies).toEqual([JSON.parse(BODY)]);
    expect((await app.inject({ method: "POST", url: "/open", payload: { a: 1 } })).json()).toEqual({
      a: 1,
    });
  });

  it("refuses a stranger before anything is read, and says so to the audit", async () => {
    const { deliver, bodies, refusals } = await startGate();
    const { status, code } = await deliver({
      body: "{broken",
      "x-zendesk-webhook-signature": `${"A".repeat(43)}=`,
    });
    expect([status, code, bodies, refusals]).toEqual([
      401,
      "WEBHOOK_UNTRUSTED",
      [],
      ["WEBHOOK_UNTRUSTED"],
    ]);
  });

  it("asks every method for a signature, also without a body", async () => {
    const { app, bodies } = await startGate();
    expect((await app.inject({ method: "DELETE", url: "/hook" })).statusCode).toBe(401);
    expect(bodies).toEqual([]);
  });

  it.each([
    ["the same request", {}],
    ["the same signature under another invocation", { invocation: "invocation-2" }],
  ])("refuses %s once it was handled", async (_, changes) => {
    const { deliver, bodies } = await startGate();
    await deliver();
    expect(await deliver(changes)).toMatchObject({ status: 403, code: "WEBHOOK_REPLAYED" });
    expect(await deliver(changes)).toMatchObject({ status: 403, code: "WEBHOOK_REPLAYED" });
    expect(bodies).toHaveLength(1);
  });

  it("refuses an invocation that is signed anew, and then its new signature as well", async () => {
    const { deliver, clock, bodies } = await startGate();
    await deliver();
    clock.at += 60_000;
    expect((await deliver()).code).toBe("WEBHOOK_REPLAYED");
    expect((await deliver({ invocation: "invocation-2" })).code).toBe("WEBHOOK_REPLAYED");
    expect(bodies).toHaveLength(1);
  });

  it("refuses a signature of more than five minutes ago", async () => {
    const { deliver } = await startGate();
    expect(
      (await deliver({ "x-zendesk-webhook-signature-timestamp": "2026-03-02T09:09:59Z" })).code,
    ).toBe("WEBHOOK_UNTRUSTED");
  });

  it("takes other deliveries of the same moment", async () => {
    const { deliver, bodies } = await startGate();
    await deliver();
    expect((await deliver({ body: '{"id":"2"}', invocation: "invocation-2" })).status).toBe(200);
    expect(bodies).toHaveLength(2);
  });

  it("keeps accounts apart", async () => {
    const [first, second] = [await startGate(), await startGate()];
    await first.deliver();
    expect((await second.deliver()).status).toBe(200);
  });

  it("takes a delivery again that was not handled", async () => {
    let attempts = 0;
    const { deliver } = await startGate(async () => {
      attempts += 1;
      if (attempts === 1) throw new Error("not yet");
      return { outcome: "handled" };
    });
    expect((await deliver()).status).toBe(500);
    expect((await deliver()).status).toBe(200);
    expect((await deliver()).status).toBe(403);
  });

  it("takes a signed body again that was not JSON", async () => {
    const { deliver, bodies } = await startGate();
    expect(await deliver({ body: "{broken" })).toMatchObject({ status: 400, code: "BAD_REQUEST" });
    expect(await deliver({ body: "{broken" })).toMatchObject({ status: 400, code: "BAD_REQUEST" });
    expect(bodies).toEqual([]);
  });

  it("lets one of two simultaneous deliveries in", async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const { deliver, bodies } = await startGate(async () => {
      begun.resolve();
      await gate.promise;
      return { outcome: "handled" };
    });
    const first = deliver();
    await begun.promise;
    const second = await deliver();
    expect(second).toMatchObject({ status: 503, code: "REQUEST_IN_PROGRESS" });
    expect(second.headers["retry-after"]).toBe("1");
    gate.resolve();
    expect((await first).status).toBe(200);
    expect((await deliver()).code).toBe("WEBHOOK_REPLAYED");
    expect(bodies).toHaveLength(1);
  });

  it("lets nothing in while it cannot look whether it was there before", async () => {
    const away = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const { deliver, bodies } = await startGate(undefined, {
      take: async () => {
        throw away;
      },
    });
    expect(await deliver()).toMatchObject({ status: 503, code: "NOT_READY" });
    expect(bodies).toEqual([]);
  });

  it("asks for another attempt when it cannot note that it was handled, and takes that later", async () => {
    const broken: Partial<WebhookReceipts> = {
      markHandled: async () => {
        throw new Error("the connection broke");
      },
    };
    const { deliver, clock, bodies } = await startGate(undefined, broken);
    expect((await deliver()).status).toBe(500);
    expect(await deliver()).toMatchObject({ status: 503, code: "REQUEST_IN_PROGRESS" });
    clock.at += 15_000;
    expect((await deliver()).status).toBe(500);
    expect(bodies).toHaveLength(2);
  });

  it("takes up what a server left behind that died, and forgets after a day", async () => {
    const { receipts, deliver, clock } = await startGate();
    const delivery = { account: `account-${lastAccount}`, signature: "s", invocation: "i" };
    expect(await receipts.take(delivery)).toBe("taken");
    expect(await receipts.take(delivery)).toBe("in-progress");
    clock.at += 15_000;
    expect(await receipts.take(delivery)).toBe("taken");
    await receipts.markHandled(delivery);
    clock.at += 60_000;
    expect(await receipts.take(delivery)).toBe("replayed");
    expect((await deliver()).status).toBe(200);
    clock.at += 24 * 3600 * 1000;
    expect(await receipts.purge()).toBeGreaterThanOrEqual(4);
    expect(await receipts.take(delivery)).toBe("taken");
  });
});
