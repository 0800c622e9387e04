/** Do webhooks reach their receivers signed, repeated and given up as Zendesk does it? */
import { createHmac } from "node:crypto";
import Fastify from "fastify";
import { createClient } from "node-zendesk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

interface Received {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  readonly body: {
    readonly id: string;
    readonly type: string;
    readonly subject: string;
    readonly detail: Record<string, unknown>;
    readonly event: Record<string, unknown>;
  };
}

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly afterMs?: number;
}

/** A receiver that answers as told, else with 200. */
async function openReceiver() {
  const received: Received[] = [];
  const answers: Answer[] = [];
  const app = Fastify({ forceCloseConnections: true });
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) =>
    done(null, body),
  );
  app.post("/hook", async (request, reply) => {
    const text = request.body as string;
    received.push({
      headers: request.headers as Received["headers"],
      text,
      body: text.startsWith("{") ? (JSON.parse(text) as Received["body"]) : ({} as never),
    });
    const answer = answers.shift() ?? { status: 200 };
    if (answer.afterMs) await new Promise((resolve) => setTimeout(resolve, answer.afterMs));
    return reply
      .code(answer.status)
      .headers(answer.headers ?? {})
      .send("ok");
  });
  const url = `${await app.listen({ host: "127.0.0.1", port: 0 })}/hook`;
  return { url, received, answers, close: () => app.close() };
}

const TICKET_EVENTS = [
  "zen:event-type:ticket.status_changed",
  "zen:event-type:ticket.comment_added",
];

describe("webhooks", () => {
  let desk: DeskFixture;
  let receiver: Awaited<ReturnType<typeof openReceiver>>;
  let ticketId: string;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 30 });
    receiver = await openReceiver();
    ticketId = String(desk.data.tickets.find(({ status }) => status === "open")!.id);
  });
  afterEach(async () => {
    await desk.zendesk.webhooks.idle();
    await receiver.close();
    await desk.close();
  });

  it("tells of people too, and of what ZIS has no event for", async () => {
    const person = desk.data.endUsers[0]!;
    await make({ subscriptions: ["zen:event-type:user.suspended_changed"] });
    desk.zendesk.administrators.changePerson(String(person.id), { name: "New", suspended: true });
    await desk.zendesk.webhooks.idle();
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]!.body).toMatchObject({
      type: "zen:event-type:user.suspended_changed",
      subject: `zen:user:${person.id}`,
      detail: { id: String(person.id), role: "end-user", default_group_id: "0" },
      event: { previous: false, current: true, meta: { sequence: { position: 2 } } },
    });
  });

  async function make(members: object = {}): Promise<{ id: string; secret: string }> {
    const made = await desk.call("/webhooks", {
      method: "POST",
      body: {
        webhook: {
          name: "ours",
          endpoint: receiver.url,
          http_method: "POST",
          request_format: "json",
          status: "active",
          subscriptions: TICKET_EVENTS,
          ...members,
        },
      },
    });
    expect(made.status).toBe(201);
    const { id } = (made.body as unknown as { webhook: { id: string } }).webhook;
    const shown = await desk.call(`/webhooks/${id}/signing_secret`);
    const { secret } = (shown.body as unknown as { signing_secret: { secret: string } })
      .signing_secret;
    return { id, secret };
  }

  async function solve(): Promise<void> {
    desk.zendesk.agents.setStatus(ticketId, "solved");
    await desk.zendesk.webhooks.idle();
  }

  async function attemptsOf(id: string) {
    const listed = await desk.call(`/webhooks/${id}/invocations`);
    const { invocations } = listed.body as unknown as {
      invocations: { id: string; status: string }[];
    };
    const found = await desk.call(`/webhooks/${id}/invocations/${invocations[0]!.id}/attempts`);
    const { attempts } = found.body as unknown as { attempts: { status: string }[] };
    return { status: invocations[0]!.status, attempts: attempts.map(({ status }) => status) };
  }

  it("are signed over the timestamp and the bytes of the body", async () => {
    const { id, secret } = await make({
      authentication: { type: "bearer_token", data: { token: "t-1" }, add_position: "header" },
      custom_headers: { "x-ours": "1" },
    });
    await solve();
    const [one] = receiver.received;
    const timestamp = one!.headers["x-zendesk-webhook-signature-timestamp"]!;
    expect(one!.headers).toMatchObject({
      authorization: "Bearer t-1",
      "x-ours": "1",
      "x-zendesk-account-id": "12345",
      "x-zendesk-webhook-id": id,
      "x-zendesk-webhook-invocation-id": expect.stringMatching(/^[0-9A-Z]{26}$/),
      "x-zendesk-webhook-signature": createHmac("sha256", secret)
        .update(timestamp + one!.text)
        .digest("base64"),
    });
    expect(timestamp).toBe("2026-03-02T10:00:05Z");
    expect(one!.body).toMatchObject({
      type: "zen:event-type:ticket.status_changed",
      account_id: 12_345,
      subject: `zen:ticket:${ticketId}`,
      zendesk_event_version: "2022-11-06",
      detail: { id: ticketId, status: "SOLVED", actor_id: expect.any(String) },
      event: { previous: "OPEN", current: "SOLVED", meta: { sequence: { position: 1 } } },
    });
    expect(await attemptsOf(id)).toEqual({ status: "success", attempts: ["success"] });
  });

  it("tell only of what they are subscribed to, and nothing while they are inactive", async () => {
    const { id } = await make();
    desk.zendesk.agents.addTags(ticketId, ["x"]);
    desk.zendesk.agents.reply(ticketId, "Hello", { public: true });
    await desk.zendesk.webhooks.idle();
    expect(receiver.received.map(({ body }) => body.type)).toEqual([
      "zen:event-type:ticket.comment_added",
    ]);
    const patched = await desk.call(`/webhooks/${id}`, {
      method: "PATCH",
      body: { webhook: { status: "inactive" } },
    });
    expect(patched.status).toBe(204);
    await solve();
    expect(receiver.received).toHaveLength(1);
  });

  it.each([
    ["409 three times", [409, 409, 409, 409, 200], ["client error", 4]],
    ["409 until it is taken", [409, 200], ["success", 2]],
    ["500 not at all", [500, 200], ["server error", 1]],
    ["400 not at all", [400, 200], ["client error", 1]],
    ["429 without a time not at all", [429, 200], ["throttled", 1]],
  ] as const)("repeat a delivery after %s", async (_, statuses, [status, count]) => {
    await desk.close();
    desk = await openDesk({ tickets: 30, wait: async () => {} });
    const { id } = await make();
    receiver.answers.push(...statuses.map((code) => ({ status: code })));
    await solve();
    const told = await attemptsOf(id);
    expect([told.status, told.attempts.length]).toEqual([status, count]);
    const first = receiver.received[0]!;
    for (const again of receiver.received) {
      expect(again.text).toBe(first.text);
      expect(again.headers["x-zendesk-webhook-invocation-id"]).toBe(
        first.headers["x-zendesk-webhook-invocation-id"],
      );
    }
  });

  it("wait as long as a 429 or 503 says, if it is under a minute", async () => {
    await desk.close();
    const waits: number[] = [];
    desk = await openDesk({ tickets: 30, wait: async (ms) => void waits.push(ms) });
    const { id } = await make();
    receiver.answers.push({ status: 503, headers: { "retry-after": "7" } });
    receiver.answers.push({ status: 429, headers: { "retry-after": "60" } });
    await solve();
    expect(waits).toEqual([7_000]);
    expect((await attemptsOf(id)).attempts).toEqual(["server error", "throttled"]);
  });

  it("give a receiver twelve seconds, here less, and ask again five times", async () => {
    desk.zendesk.webhooks.switches.timeoutSeconds = 0.05;
    const { id } = await make();
    receiver.answers.push(...Array.from({ length: 6 }, () => ({ status: 200, afterMs: 400 })));
    await solve();
    expect((await attemptsOf(id)).attempts).toEqual(Array.from({ length: 6 }, () => "timeout"));
  });

  it("rest while nearly all deliveries fail, and try one after five seconds", async () => {
    desk.zendesk.webhooks.switches.breakerMinimum = 3;
    const { id } = await make();
    receiver.answers.push(...[500, 500, 500].map((status) => ({ status })));
    const told = async () => {
      desk.zendesk.agents.reply(ticketId, "again", { public: false });
      await desk.zendesk.webhooks.idle();
    };
    for (let delivery = 1; delivery <= 5; delivery += 1) await told();
    expect(receiver.received).toHaveLength(3);
    const listed = await desk.call(`/webhooks/${id}/invocations?filter[status]=circuit broken`);
    expect(listed.body).toMatchObject({ invocations: [{}, {}] });
    desk.clock.advance(5_000);
    await told();
    await told();
    expect(receiver.received).toHaveLength(5);
  });

  it("are lost, doubled or overtaken when switches say so", async () => {
    await make();
    const { switches } = desk.zendesk.webhooks;
    const tell = async (text: string) => {
      desk.zendesk.agents.reply(ticketId, text, { public: false });
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const said = () =>
      receiver.received.map(({ body }) => (body.event["comment"] as { body: string }).body);
    switches.reorderEvery = 2;
    for (const text of ["a", "b", "c"]) await tell(text);
    expect(said()).toEqual(["a", "c", "b"]);
    switches.reorderEvery = 0;
    switches.duplicateEvery = 1;
    await tell("d");
    expect(said().slice(3)).toEqual(["d", "d"]);
    expect(receiver.received.at(-1)!.body.id).toBe(receiver.received.at(-2)!.body.id);
    switches.duplicateEvery = 0;
    switches.dropEvery = 1;
    await tell("e");
    expect(said()).toHaveLength(5);
  });

  it.each([
    ["no name", { name: "" }],
    ["no https", { endpoint: "http://example.com" }],
    ["both kinds", { subscriptions: ["conditional_ticket_events", ...TICKET_EVENTS] }],
    ["events by PUT", { http_method: "PUT" }],
  ])("refuse %s", async (_, members) => {
    const { status } = await desk.call("/webhooks", {
      method: "POST",
      body: {
        webhook: { name: "x", endpoint: receiver.url, subscriptions: TICKET_EVENTS, ...members },
      },
    });
    expect(status).toBe(400);
  });

  it("are for administrators, with a scope of their own, and show no credentials", async () => {
    const { id } = await make({
      authentication: { type: "basic_auth", data: { username: "u", password: "p" } },
    });
    const shown = await desk.call(`/webhooks/${id}`, { headers: desk.bearer(["webhooks:read"]) });
    expect(shown.status).toBe(200);
    expect(JSON.stringify(shown.body)).not.toContain("password");
    expect((await desk.call("/webhooks", { headers: desk.bearer(["read"], 5) })).status).toBe(403);
    expect((await desk.call("/webhooks", { headers: desk.bearer(["tickets:read"]) })).status).toBe(
      403,
    );
  });

  it("serve the unmodified node-zendesk", async () => {
    const client = createClient({
      username: desk.adminEmail,
      token: desk.apiToken,
      endpointUri: `${desk.url}/api/v2`,
    });
    const { id, secret } = await make();
    const listed = (await client.webhooks.list()) as { id: string }[];
    expect(listed.map((webhook) => webhook.id)).toEqual([id]);
    const { result: reset } = (await client.webhooks.resetSigningSecret(id)) as unknown as {
      result: { signing_secret?: { secret: string }; secret?: string };
    };
    expect(JSON.stringify(reset)).not.toContain(secret);
    await client.webhooks.delete(id);
    expect((await desk.call(`/webhooks/${id}`)).status).toBe(404);
  });
});
