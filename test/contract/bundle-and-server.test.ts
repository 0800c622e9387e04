import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { OPERATIONS } from "../../actions-server/contract/operations.ts";
import { DEFAULT_SETTINGS, Settings } from "../../actions-server/contract/settings.ts";
import { actionNameOf } from "../../bundle/build/server-action.ts";
import { buildBundle } from "../../bundle/index.ts";
import { TICKET_STATUS_CHANGED } from "../../bundle/flows/ticket-status-changed.ts";
import { renderBundle } from "../../bundle/render.ts";
import type { Effect, HttpEffect, Outcome } from "../../zis/engine/effects.ts";
import { createJq } from "../../zis/engine/jq.ts";
import { runFlow } from "../../zis/engine/run.ts";
import type { Bundle } from "../../zis/model/bundle.ts";
import type { Json, JsonObject } from "../../zis/model/json.ts";

const serverUrl = "https://server.example";
const bundle = JSON.parse(
  renderBundle(buildBundle({ integration: "caseqa", serverUrl })),
) as Bundle;
const ajv = new Ajv({ strict: true });
const caseId = "500000000000001AAA";

const event = (current: string, tags: readonly string[] = []): JsonObject => ({
  account_id: 12345,
  integration_key: "caseqa",
  subdomain: "acme",
  input: {
    ticket_event: {
      meta: { sequence: { id: "0F1E2D3C4B5A69788796A5B4C3D2E1F0", position: 2, total: 3 } },
      type: "Status Changed",
      previous: "open",
      current,
      ticket: { id: 1001, tags: [...tags] },
    },
  },
  connections: {},
});

const replies = {
  matched: {
    outcome: "matched",
    ticket_id: "1001",
    case_id: caseId,
    matched_by: "case_number",
    case: { id: caseId, number: "00001026", subject: "s", status: "New", is_closed: false },
  },
  ambiguous: {
    outcome: "ambiguous",
    ticket_id: "1001",
    case_id: null,
    matched_by: "requester_email",
    candidates: [
      { id: caseId, number: "00001026", subject: null, status: null, is_closed: false },
      {
        id: "500000000000002AAA",
        number: "00001027",
        subject: null,
        status: null,
        is_closed: false,
      },
    ],
    more: false,
  },
  none: { outcome: "none", ticket_id: "1001", case_id: null },
  ticket_not_found: { outcome: "ticket_not_found", ticket_id: "1001", case_id: null },
} as const;

const captured = {
  outcome: "captured",
  ticket_id: "1001",
  messages: 3,
  participants: 2,
  newest: true,
};

/** Runs the rendered flow; every HTTP call is answered from `answers` by the action's short name. */
async function run(
  data: JsonObject,
  answers: Readonly<Record<string, Json>>,
  settings: JsonObject = { ...DEFAULT_SETTINGS },
) {
  const jq = createJq();
  const calls: HttpEffect[] = [];
  const links: Json[] = [];
  const perform = async (effect: Effect, signal: AbortSignal): Promise<Outcome> => {
    if (effect.kind === "jq") return jq.perform(effect, signal);
    if (effect.kind === "http") {
      calls.push(effect);
      const name = effect.actionName.split(":").at(-1) ?? "";
      return { ok: true, result: answers[name] ?? null, elapsedMs: 1 };
    }
    if (effect.actionName.endsWith("LoadConfig")) {
      return { ok: true, result: settings, elapsedMs: 1 };
    }
    if (effect.actionName.endsWith("CreateLink")) links.push(effect.parameters);
    return { ok: true, result: { links: [] }, elapsedMs: 1 };
  };
  try {
    const flow = await runFlow({
      bundle,
      flow: TICKET_STATUS_CHANGED,
      data,
      perform,
      waits: "virtual",
    });
    return { flow, calls, links };
  } finally {
    await jq.close();
  }
}

describe("bundle and server", () => {
  it("agree on path, method and body of every call", async () => {
    const { flow, calls } = await run(event("solved"), {
      resolve_case: replies.matched,
      capture_conversation: captured,
    });

    expect(flow.status).toBe("SUCCEEDED");
    expect(calls.map((call) => call.actionName.split(":").at(-1))).toEqual(
      Object.keys(OPERATIONS).map((name) => actionNameOf(name as keyof typeof OPERATIONS)),
    );
    for (const [index, operation] of Object.values(OPERATIONS).entries()) {
      const call = calls[index]!;
      expect(call).toMatchObject({ method: "POST", url: `${serverUrl}${operation.path}` });
      expect(ajv.validate(operation.request, call.body), ajv.errorsText()).toBe(true);
    }
  });

  it.each(Object.entries(replies))(
    "agree on the reply %s of resolve-case",
    async (_name, reply) => {
      expect(ajv.validate(OPERATIONS["resolve-case"].reply, reply), ajv.errorsText()).toBe(true);

      const { flow, links } = await run(event("solved"), {
        resolve_case: reply as unknown as Json,
        capture_conversation: captured,
      });

      expect(flow.status).toBe("SUCCEEDED");
      expect(flow.message).toContain("Ticket 1001");
      expect(links).toHaveLength(reply.outcome === "matched" ? 1 : 0);
    },
  );

  it.each([
    [captured, "conversation stored"],
    [{ outcome: "accepted", ticket_id: "1001" }, "stored soon"],
    [{ outcome: "ticket_not_found", ticket_id: "1001" }, "does not exist any more"],
  ])("agree on the reply %j of capture-conversation", async (reply, message) => {
    expect(ajv.validate(OPERATIONS["capture-conversation"].reply, reply), ajv.errorsText()).toBe(
      true,
    );

    const { flow } = await run(event("solved"), {
      resolve_case: replies.none,
      capture_conversation: reply,
    });

    expect(flow).toMatchObject({ status: "SUCCEEDED", message: expect.stringContaining(message) });
  });

  it("name the link by the names of the contract and the event by its sequence", async () => {
    const { calls, links } = await run(event("solved"), {
      resolve_case: replies.matched,
      capture_conversation: captured,
    });

    expect(links).toEqual([
      {
        link_type: "ticket_case",
        left_object: { name: "zendesk:ticket:1001" },
        right_object: { name: `salesforce:case:${caseId}` },
      },
    ]);
    expect(calls[1]?.headers).toContainEqual([
      "Idempotency-Key",
      "0F1E2D3C4B5A69788796A5B4C3D2E1F0:2",
    ]);
  });

  it.each([
    ["another status", event("pending"), undefined, "was not solved"],
    ["an ignored tag", event("solved", ["vip", "bulk_import"]), undefined, "left alone"],
    ["the switch off", event("solved"), { ...DEFAULT_SETTINGS, enabled: false }, "left alone"],
  ])("call nothing for %s", async (_what, data, settings, message) => {
    const { flow, calls } = await run(data, {}, settings);

    expect(flow).toMatchObject({ status: "SUCCEEDED", message: expect.stringContaining(message) });
    expect(calls).toEqual([]);
  });

  it("end in a Fail that names the ticket when the server answers what the bundle does not know", async () => {
    const { flow } = await run(event("solved"), { resolve_case: { outcome: "maybe" } });

    expect(flow).toMatchObject({
      status: "FAILED",
      error: { name: "CaseQA.UnknownOutcome", cause: expect.stringContaining("Ticket 1001") },
    });
  });

  it("agree on the default settings", () => {
    expect(ajv.validate(Settings, DEFAULT_SETTINGS), ajv.errorsText()).toBe(true);
  });
});
