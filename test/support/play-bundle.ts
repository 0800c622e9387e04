/** Runs a flow of a bundle as a case describes it: connections first, then HTTP by a table of replies. */
import { connectionsUsed } from "#zis/engine/connections";
import type { HttpEffect, Outcome, Perform } from "#zis/engine/effects";
import { replyOutcome } from "#zis/engine/http-reply";
import type { Jq } from "#zis/engine/jq";
import { runFlow, type FlowRun } from "#zis/engine/run";
import type { StepTrace } from "#zis/engine/step-trace";
import type { Bundle } from "#zis/model/bundle";
import type { Json, JsonObject } from "#zis/model/json";
import { performBuiltIn } from "#zis/services/built-ins";
import { createConfigs } from "#zis/services/configs";
import { createLinks } from "#zis/services/links";
import { serviceSwitches } from "#zis/services/service-switches";
import { openStore } from "#zis/services/store";

/** A reply to a request whose `METHOD URL` is this text; it answers up to `times`, then the next does. */
interface Reply {
  readonly to: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly times?: number;
}

/** What a run starts with; what it leaves out is taken from the case of its bundle. */
interface Setting {
  readonly input?: Json;
  /** Asked before those of the bundle's case. */
  readonly replies?: readonly Reply[];
  readonly configs?: Readonly<Record<string, JsonObject>>;
  readonly connections?: JsonObject;
}

export interface BundleCase extends Setting {
  readonly bundle: string;
  readonly integration: string;
  readonly flow: string;
  readonly unreachable: readonly string[];
  readonly runs: readonly (Setting & {
    readonly title: string;
    readonly expect: Record<string, unknown>;
  })[];
}

export interface PlayedRun extends Omit<FlowRun, "status" | "retryable"> {
  readonly retryable: boolean;
  readonly status: FlowRun["status"] | "NOT_STARTED";
  readonly steps: readonly StepTrace[];
  readonly requests: readonly {
    readonly to: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Json;
  }[];
}

const NOW = new Date("2026-05-04T10:00:00Z");
const ACCOUNT_ID = 12345;
const SUBDOMAIN = "acme";

/** Runs the flow once. A request that no reply is for fails the test, by rejecting. */
export async function playBundle(
  bundle: Bundle,
  bundleCase: BundleCase,
  run: Setting,
  jq: Jq,
): Promise<PlayedRun> {
  const { integration, flow } = bundleCase;
  const { input, configs, connections } = { ...bundleCase, ...run };
  const data = {
    account_id: ACCOUNT_ID,
    integration_key: integration,
    subdomain: SUBDOMAIN,
    input: input ?? {},
    connections: connections ?? {},
  };
  const missing = connectionsUsed(bundle, flow).find((name) => !(name in data.connections));
  if (missing !== undefined) return notStarted(flow, missing, data);
  const requests: PlayedRun["requests"][number][] = [];
  const steps: StepTrace[] = [];
  const answer = replier([...(run.replies ?? []), ...(bundleCase.replies ?? [])]);
  const http = (effect: HttpEffect): Outcome => {
    const to = `${effect.method} ${effect.url ?? `https://${SUBDOMAIN}.zendesk.com${effect.path}`}`;
    requests.push({ to, headers: Object.fromEntries(effect.headers), body: effect.body ?? null });
    return answer(to);
  };
  const stores = storesOf(integration, configs ?? {});
  const perform: Perform = async (effect, signal) => {
    if (effect.kind === "builtin") return performBuiltIn(effect, integration, stores);
    // jq takes real time, so a run on a busy machine could not be compared.
    if (effect.kind === "jq") return { ...(await jq.perform(effect, signal)), elapsedMs: 0 };
    return http(effect);
  };
  const ended = await runFlow({
    bundle,
    flow,
    data,
    perform,
    waits: "virtual",
    onStep: (step) => steps.push(step),
  });
  return { ...ended, retryable: ended.retryable ?? false, steps, requests };
}

function notStarted(flow: string, missing: string, data: Json): PlayedRun {
  return {
    status: "NOT_STARTED",
    retryable: false,
    flow,
    message: `Cannot start flow because the connection named "${missing}" does not exist`,
    data,
    transitions: 0,
    elapsedMs: 0,
    trace: [],
    warnings: [],
    steps: [],
    requests: [],
  };
}

function storesOf(integration: string, initial: Readonly<Record<string, JsonObject>>) {
  const store = openStore();
  const common = {
    store,
    accountId: ACCOUNT_ID,
    now: () => NOW,
    switches: serviceSwitches({}),
    newId: () => String(store.nextNumber("id")),
  };
  const configs = createConfigs(common);
  for (const [scope, config] of Object.entries(initial)) configs.create(integration, scope, config);
  return { configs, links: createLinks(common) };
}

function replier(replies: readonly Reply[]): (to: string) => Outcome {
  const left = replies.map(({ times }) => times ?? Number.POSITIVE_INFINITY);
  return (to) => {
    const index = replies.findIndex((reply, at) => reply.to === to && (left[at] ?? 0) > 0);
    const reply = replies[index];
    if (reply === undefined) throw new Error(`the case has no reply to ${to}`);
    left[index] = (left[index] ?? 0) - 1;
    const { status = 200, headers = {}, body } = reply;
    const bodyText =
      body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
    return replyOutcome({ status, headers, bodyText, elapsedMs: 0 }, { now: () => NOW });
  };
}
