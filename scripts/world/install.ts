/** Installs CaseQA in the world's account by the steps of `install/`, as its administrator with an API token. */
import { setTimeout as sleep } from "node:timers/promises";
import { buildBundle } from "#bundle/index";
import { createHttp } from "#cli/http";
import { DEFAULT_SETTINGS, SETTINGS_SCOPE } from "#contract/settings/settings";
import { type BundleTemplate, createTemplate, TEMPLATE_OPTIONS } from "#install/bundle-template";
import { createConfig, deleteConfig } from "#install/configs";
import type { StepContext } from "#install/context";
import type { StepName } from "#install/step-names";
import { createZendeskCalls } from "#install/integration-token";
import { CATCH_UP_SCOPE } from "#install/notes";
import { runStep } from "#install/steps";
import { CASE_NUMBER_FIELD_ID } from "#sandbox/data/ticket-fields";
import type { WorldServer } from "./server.ts";
import { basicOf, SUBDOMAIN, type WorldZendesk } from "./zendesk.ts";

const INTEGRATION = "caseqa_sandbox";

/** How long the first settings_sync may take before something is wrong. */
const SYNC_MS = 15_000;

/** The same for every world of a process. */
let template: Promise<BundleTemplate> | undefined;

/** What the steps take to work on the world's account. */
export async function createInstaller(parts: {
  readonly zendesk: WorldZendesk;
  readonly server: Pick<WorldServer, "url" | "token">;
  readonly now: () => Date;
  readonly newId: () => string;
}): Promise<StepContext> {
  const { zendesk, server, now, newId } = parts;
  const callAs = (origin: string, authorization: string) =>
    createHttp({ origin, authorization: () => Promise.resolve(authorization), sleep });
  const callServerAs = (token: string) => callAs(server.url, `Bearer ${token}`);
  return {
    callZendesk: createZendeskCalls({
      integration: INTEGRATION,
      asAccount: callAs(zendesk.url, basicOf(zendesk.administrator)),
      withBearer: (token) => callAs(zendesk.url, `Bearer ${token}`),
    }).call,
    callServer: callServerAs(server.token),
    callServerAs,
    subdomain: SUBDOMAIN,
    zendeskUrl: zendesk.url,
    integration: INTEGRATION,
    serverUrl: server.url,
    serverToken: server.token,
    template: await (template ??= createTemplate(buildBundle(TEMPLATE_OPTIONS))),
    now,
    newId,
    // What a step waits for is a flow.
    sleep: () => zendesk.zis.idle(SYNC_MS),
  };
}

/** @throws Error with the message of the step that failed */
export async function install(installer: StepContext): Promise<void> {
  await runAll(installer, ["integration", "connections", "bundle", "job_specs", "webhooks"]);
  // Nothing happened in a new account before its job specs were installed.
  await deleteConfig(installer, CATCH_UP_SCOPE);
  const settings = { ...DEFAULT_SETTINGS, case_number_field_id: CASE_NUMBER_FIELD_ID };
  await createConfig(installer, SETTINGS_SCOPE, settings);
  await runAll(installer, ["settings_sync"]);
}

async function runAll(installer: StepContext, names: readonly StepName[]): Promise<void> {
  for (const name of names) {
    const { outcome, message } = await runStep(name, installer);
    if (outcome !== "done" && outcome !== "already") throw new Error(`${name}: ${message}`);
  }
}
