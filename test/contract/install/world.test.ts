import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { ROUTES } from "#contract/routes";
import { buildBundle } from "#bundle/index";
import { createTemplate, TEMPLATE_OPTIONS } from "#install/bundle-template";
import type { StepContext } from "#install/context";
import { STEP_NAMES } from "#install/step-names";
import { createZendeskCalls } from "#install/integration-token";
import { readState } from "#install/state";
import { runStep } from "#install/steps";
import type { CallApi } from "#install/zendesk-api";
import { startWorld } from "../../support/world.ts";

const callBy =
  (origin: string, authorization: string): CallApi =>
  async ({ method, path, body }) => {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { authorization, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    try {
      return { status: response.status, body: JSON.parse(text) as unknown };
    } catch {
      return { status: response.status, body: text };
    }
  };

it("installs into an empty account with the real server, an event comes the whole way", async () => {
  const { card } = await startWorld({ installed: false });
  const { url, adminEmail, apiToken, subdomain } = card.zendesk;
  const login = Buffer.from(`${adminEmail}/token:${apiToken}`).toString("base64");
  const calls = createZendeskCalls({
    integration: "caseqa_world",
    asAccount: callBy(url, `Basic ${login}`),
    withBearer: (token) => callBy(url, `Bearer ${token}`),
  });
  const toServer = callBy(card.server.url, `Bearer ${card.server.token}`);
  const sweeps: unknown[] = [];
  const context: StepContext = {
    callZendesk: calls.call,
    callServer: (call) => {
      if (call.path !== ROUTES.sweeps.path) return toServer(call);
      // A sweep waits a minute for Zendesk's export to show what just changed; it has tests of its own.
      sweeps.push(call.body);
      return Promise.resolve({ status: 202, body: { id: "sweep" } });
    },
    callServerAs: (token) => callBy(card.server.url, `Bearer ${token}`),
    subdomain,
    zendeskUrl: url,
    integration: "caseqa_world",
    serverUrl: card.server.url,
    serverToken: card.server.token,
    template: await createTemplate(buildBundle(TEMPLATE_OPTIONS)),
    now: () => new Date(),
    newId: randomUUID,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
  for (const name of STEP_NAMES) {
    const { step, outcome, message } = await runStep(name, context);
    expect([step, outcome, message]).not.toContain("failed");
    expect([step, outcome, message]).not.toContain("waiting");
  }
  expect(await readState(context)).toMatchObject({
    state: "in_sync",
    problems: [],
    server: { reachable: true, settingsRevision: 1 },
    webhooks: { serverReady: true },
  });
  expect(sweeps).toEqual([{ since: expect.any(String), reason: "upload" }]);
  await calls.close();
});
