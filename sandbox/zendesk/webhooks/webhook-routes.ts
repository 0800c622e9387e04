/** `/webhooks`: their settings, secrets, tests and invocations. Source: Zendesk API reference, "Webhooks". */
import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isJsonObject, type JsonObject } from "#zis/model/json";
import { toSecondPrecision } from "../../clock.ts";
import { notAllowed, ZendeskRefusal } from "../errors.ts";
import { pageThrough, parameter } from "../paging.ts";
import { listUrlOf, queryOf, type RouteDeps } from "../route.ts";
import { readWebhook } from "./webhook-input.ts";
import { deliver } from "./delivery.ts";
import type { Webhooks } from "./create-webhooks.ts";
import type { Invocation, WebhookRecord } from "./webhook-records.ts";

/** Signs tests of webhooks that are not saved yet. UNVERIFIED: from general knowledge of the page "Verifying". */
const TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";
const SECRET_BYTES = 32;

function present(webhook: WebhookRecord): object {
  const { secret: _secret, authentication, ...members } = webhook;
  // Credentials are written once and never shown again.
  const shown = authentication && {
    type: authentication.type,
    add_position: authentication.add_position,
  };
  return { ...members, ...(shown && { authentication: shown }) };
}

const presentSecret = ({ secret }: WebhookRecord) => ({
  signing_secret: { algorithm: "SHA256", secret },
});

const newSecret = () => randomBytes(SECRET_BYTES).toString("base64");

export function webhookRoutes(
  app: FastifyInstance,
  deps: RouteDeps,
  webhooks: Webhooks,
  accountId: number,
): void {
  const { access, now } = deps;
  const nothing = () =>
    new ZendeskRefusal(404, { errors: [{ code: "WebhookNotFound", title: "Webhook not found" }] });

  /** Only administrators may see or change webhooks. */
  function caller(request: FastifyRequest, action: "read" | "write") {
    const user = access.caller(request.headers, action, "webhooks");
    if (user.role !== "admin") throw notAllowed("You do not have access to this page");
    return user;
  }

  function find(request: FastifyRequest): WebhookRecord {
    const { id = "" } = request.params as { readonly id?: string };
    const webhook = webhooks.get(id);
    if (!webhook) throw nothing();
    return webhook;
  }

  function bodyOf(request: FastifyRequest): JsonObject {
    const body = isJsonObject(request.body) ? request.body["webhook"] : undefined;
    if (!isJsonObject(body)) {
      throw new ZendeskRefusal(400, {
        errors: [{ code: "InvalidRequest", title: "webhook is required" }],
      });
    }
    return body;
  }

  function on(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    handler: (request: FastifyRequest, reply: FastifyReply) => object | Promise<object> | null,
  ): void {
    app.route({
      method,
      url: `/api/v2/webhooks${path}`,
      handler: async (request, reply) => handler(request, reply),
    });
  }

  on("GET", "", (request) => {
    caller(request, "read");
    const contained = parameter(queryOf(request), "filter[name_contains]")?.toLowerCase() ?? "";
    const status = parameter(queryOf(request), "filter[status]");
    const found = webhooks
      .list()
      .filter((webhook) => webhook.name.toLowerCase().includes(contained))
      .filter((webhook) => status === undefined || webhook.status === status);
    const placed = found.map((webhook, place) => ({ webhook, place: place + 1 }));
    const { rows, envelope } = pageThrough(placed, {
      query: { "page[size]": "100", ...queryOf(request) },
      url: listUrlOf(request),
      idOf: ({ place }) => place,
      sorts: { id: { keyOf: ({ place }) => place, styles: "both" } },
      defaultSort: "id",
    });
    return { webhooks: rows.map(({ webhook }) => present(webhook)), ...envelope };
  });

  on("POST", "", (request, reply) => {
    const user = caller(request, "write");
    const at = toSecondPrecision(now());
    const webhook: WebhookRecord = {
      ...readWebhook(bodyOf(request)),
      id: webhooks.newId(),
      created_at: at,
      created_by: String(user.id),
      updated_at: at,
      updated_by: String(user.id),
      secret: newSecret(),
    };
    webhooks.put(webhook);
    void reply.code(201);
    return { webhook: present(webhook) };
  });

  on("GET", "/:id", (request) => {
    caller(request, "read");
    return { webhook: present(find(request)) };
  });

  function change(request: FastifyRequest, reply: FastifyReply, isPatch: boolean): null {
    const user = caller(request, "write");
    const webhook = find(request);
    const settings = readWebhook(isPatch ? { ...webhook, ...bodyOf(request) } : bodyOf(request));
    const isEvents = ({ subscriptions }: Pick<WebhookRecord, "subscriptions">) =>
      !subscriptions.includes("conditional_ticket_events");
    if (isEvents(webhook) !== isEvents(settings)) {
      throw new ZendeskRefusal(400, {
        errors: [{ code: "InvalidRequest", title: "the kind of a webhook cannot be changed" }],
      });
    }
    webhooks.put({
      ...webhook,
      ...settings,
      updated_at: toSecondPrecision(now()),
      updated_by: String(user.id),
    });
    void reply.code(204);
    return null;
  }
  on("PUT", "/:id", (request, reply) => change(request, reply, false));
  on("PATCH", "/:id", (request, reply) => change(request, reply, true));

  on("DELETE", "/:id", (request, reply) => {
    caller(request, "write");
    webhooks.remove(find(request).id);
    void reply.code(204);
    return null;
  });

  on("GET", "/:id/signing_secret", (request) => {
    caller(request, "read");
    return presentSecret(find(request));
  });

  on("POST", "/:id/signing_secret", (request, reply) => {
    caller(request, "write");
    const webhook = { ...find(request), secret: newSecret() };
    webhooks.put(webhook);
    void reply.code(201);
    return presentSecret(webhook);
  });

  on("POST", "/test", async (request) => {
    const user = caller(request, "write");
    const { webhook_id } = request.query as { readonly webhook_id?: string };
    const saved = webhook_id === undefined ? undefined : webhooks.get(webhook_id);
    if (webhook_id !== undefined && !saved) throw nothing();
    const asked = isJsonObject(request.body) ? request.body["request"] : undefined;
    const members = isJsonObject(asked) ? asked : {};
    const settings = readWebhook({
      name: "test",
      ...saved,
      ...members,
      subscriptions: ["conditional_ticket_events"],
    });
    const at = toSecondPrecision(now());
    const [created_by, updated_by] = [String(user.id), String(user.id)];
    const webhook: WebhookRecord = {
      ...settings,
      id: saved?.id ?? webhooks.newId(),
      created_at: at,
      created_by,
      updated_at: at,
      updated_by,
      secret: saved?.secret ?? TEST_SECRET,
    };
    const invocation: Invocation = {
      id: webhooks.newId(),
      webhook_id: webhook.id,
      at: now(),
      status: "accepted",
      latest_completed_at: null,
      attempts: [],
    };
    const payload = members["payload"];
    await deliver(webhook, invocation, typeof payload === "string" ? payload : "", {
      accountId,
      now,
      wait: async () => {},
      newId: () => webhooks.newId(),
      switches: { ...webhooks.switches, retries: 0, timeoutRetries: 0 },
    });
    const attempt = invocation.attempts[0];
    return {
      response: {
        status: attempt?.status_code ?? 0,
        headers: [],
        payload: attempt?.response?.payload ?? "",
      },
    };
  });

  on("GET", "/:id/invocations", (request) => {
    caller(request, "read");
    const query = queryOf(request);
    const status = parameter(query, "filter[status]");
    const from = parameter(query, "filter[from_ts]") ?? "";
    const to = parameter(query, "filter[to_ts]") ?? "9999";
    const found = webhooks
      .invocations(find(request).id)
      .filter((one) => status === undefined || one.status === status)
      .filter(({ at }) => toSecondPrecision(at) >= from && toSecondPrecision(at) <= to);
    return {
      invocations: found.map(({ id, latest_completed_at, status: became, attempts }) => ({
        id,
        latest_completed_at,
        status: became,
        status_code: attempts.at(-1)?.status_code ?? null,
      })),
      meta: { has_more: false, after_cursor: null, before_cursor: null },
      links: { next: null, prev: null },
    };
  });

  on("GET", "/:id/invocations/:invocation/attempts", (request) => {
    caller(request, "read");
    const { invocation } = request.params as { readonly invocation: string };
    const found = webhooks.invocations(find(request).id).find(({ id }) => id === invocation);
    if (!found) throw nothing();
    return { attempts: found.attempts };
  });
}
