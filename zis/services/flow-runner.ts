/** How one delivery of an event runs its flow: connections first, then the attempts, then the log. */
import { setTimeout as sleep } from "node:timers/promises";
import { connectionsUsed } from "../engine/connections.ts";
import type { Limits } from "../engine/limits.ts";
import { type FlowRun, runFlow } from "../engine/run.ts";
import type { StepTrace } from "../engine/step-trace.ts";
import type { Bundle } from "../model/bundle.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { parseResourceName } from "../model/names.ts";
import type { Account } from "./account.ts";
import { type OAuthConnection, secretsOf } from "./connections.ts";
import { MOST_ATTEMPTS, retryDelaySeconds } from "./flow-retry.ts";
import type { IntegrationLog } from "./log.ts";
import { isComplete } from "./oauth-connections.ts";
import { createPerform, type PerformOptions } from "./perform.ts";
import type { FoundFlow } from "./registry.ts";
import type { Run, RunRequest, RunStatus } from "./runs.ts";
import type { ServiceSwitches } from "./service-switches.ts";
import type { StatsCollector } from "./stats.ts";

/** One start of one flow by one event. */
export interface Delivery {
  readonly id: string;
  readonly integration: string;
  /** Short name of the job spec. */
  readonly jobSpec: string;
  /** Full name of the flow. */
  readonly flowName: string;
  readonly event_source: string;
  readonly event_type: string;
  readonly input: Json;
  readonly accepted_at: string;
}

export interface FlowRunnerOptions extends PerformOptions {
  readonly account: Account;
  /** The flow of a full name. */
  readonly findFlow: (fullName: string) => FoundFlow | undefined;
  readonly log: IntegrationLog;
  readonly stats: StatsCollector;
  readonly serviceSwitches: ServiceSwitches;
  readonly limits: Partial<Limits>;
  readonly waits: "real" | "virtual";
  /** Multiplies the documented delays between attempts; 0 retries at once. */
  readonly retryDelayScale: number;
}

/** What became of a delivery, without the parts that every run has. */
type End = Pick<Run, "status" | "message" | "attempts" | "steps" | "requests"> & {
  readonly result?: FlowRun;
};

/** Runs deliveries. Rejects only when the signal aborts: the delivery then counts as not made. */
export type FlowRunner = (delivery: Delivery, signal: AbortSignal) => Promise<Run>;

/** A runner on the stores of one account. */
export function createFlowRunner(options: FlowRunnerOptions): FlowRunner {
  const { account, findFlow, connections, oauthConnections, log, stats, now } = options;

  /** Only what a token was obtained for exists; the rest is still being connected. */
  function missingConnection({ bundle, flow, integration }: FoundFlow): string | undefined {
    return connectionNames(bundle, flow).find((name) => {
      const connection = connections.find(integration, name);
      return !connection || (connection.type === "oauth" && !isComplete(connection));
    });
  }

  async function startData(integration: string, input: Json): Promise<JsonObject> {
    const oauth = connections
      .all(integration)
      .filter((connection) => connection.type === "oauth")
      .filter(isComplete);
    const tokens = await Promise.all(oauth.map((connection) => accessToken(connection)));
    return {
      account_id: account.accountId,
      integration_key: integration,
      subdomain: account.subdomain,
      input,
      connections: Object.fromEntries(tokens),
    };
  }

  /** A token that cannot be renewed is handed over as it is: the call that uses it will be refused. */
  async function accessToken(connection: OAuthConnection): Promise<[string, JsonObject]> {
    const current = await oauthConnections.renewed(connection).catch(() => connection);
    return [connection.name, { access_token: current.access_token }];
  }

  async function attempts(found: FoundFlow, delivery: Delivery, signal: AbortSignal): Promise<End> {
    const requests: RunRequest[] = [];
    const most = options.serviceSwitches.flowRetries === "documented" ? MOST_ATTEMPTS : 1;
    for (let attempt = 1; ; attempt += 1) {
      const steps: StepTrace[] = [];
      const result = await runFlow({
        bundle: found.bundle,
        flow: found.flow,
        data: await startData(found.integration, delivery.input),
        perform: createPerform(options, found.integration, (request) => {
          requests.push(request);
          stats.requested(request);
        }),
        waits: options.waits,
        switches: options.switches,
        limits: options.limits,
        lastAttempt: attempt === most,
        signal,
        onStep: (step) => steps.push(step),
      });
      logEnd(found.integration, delivery, result, attempt);
      if (result.retryable !== true || attempt === most) {
        const { status, message } = result;
        return { status, message, attempts: attempt, steps, requests, result };
      }
      const seconds = retryDelaySeconds(attempt, result.retryAfterSeconds);
      await sleep(seconds * 1000 * options.retryDelayScale, undefined, { signal });
      stats.retried();
    }
  }

  function logEnd(product: string, delivery: Delivery, result: FlowRun, attempt: number): void {
    const { status, message, error, trace, warnings } = result;
    const details = {
      run: delivery.id,
      flow: delivery.flowName,
      job_status: status,
      attempt,
      execution_states: trace.map(({ state }) => state),
      details: error ? `${error.state}: ${error.name}: ${error.cause}` : "",
    };
    for (const warning of warnings) {
      const description = `${warning.state}: ${warning.message}`;
      log.add({ product, status: "warning", description, details: { run: delivery.id } });
    }
    const description = status === "SUCCEEDED" ? message : `${delivery.flowName}: ${message}`;
    log.add({ product, status: status === "SUCCEEDED" ? "info" : "error", description, details });
  }

  function notStarted(delivery: Delivery, message: string): End {
    log.add({
      product: delivery.integration,
      status: "error",
      description: message,
      details: { run: delivery.id, flow: delivery.flowName, job_status: "FAILED" },
    });
    return { status: "NOT_STARTED", message, attempts: 0, steps: [], requests: [] };
  }

  async function end(delivery: Delivery, signal: AbortSignal): Promise<End> {
    const found = findFlow(delivery.flowName);
    if (!found) {
      return notStarted(delivery, `Cannot start flow because ${delivery.flowName} does not exist`);
    }
    const missing = missingConnection(found);
    if (missing !== undefined) {
      const reason = `the connection named "${missing}" does not exist`;
      return notStarted(delivery, `Cannot start flow because ${reason}`);
    }
    return attempts(found, delivery, signal);
  }

  /** A definition that the registry let pass and no interpreter can run. */
  function unrunnable(error: unknown, delivery: Delivery, signal: AbortSignal): End {
    if (signal.aborted) throw error;
    // A stumble of the interpreter says nothing about the bundle.
    const isStumble = error instanceof TypeError || error instanceof RangeError;
    const reason = isStumble
      ? "; zis check says where"
      : `: ${error instanceof Error ? error.message : String(error)}`;
    return notStarted(delivery, `Cannot start flow because its definition is broken${reason}`);
  }

  return async (delivery, signal) => {
    stats.began();
    const ended = await end(delivery, signal).catch((error: unknown) =>
      unrunnable(error, delivery, signal),
    );
    return {
      ...ended,
      id: delivery.id,
      integration: delivery.integration,
      flow: parseResourceName(delivery.flowName)?.name ?? delivery.flowName,
      jobSpec: delivery.jobSpec,
      event_source: delivery.event_source,
      event_type: delivery.event_type,
      accepted_at: delivery.accepted_at,
      ended_at: now().toISOString(),
      input: delivery.input,
      secrets: connections.all(delivery.integration).flatMap(secretsOf),
    } satisfies Run & { readonly status: RunStatus };
  };
}

const namesByBundle = new WeakMap<Bundle, Map<string, readonly string[]>>();

/** Found once for each flow of an upload. */
function connectionNames(bundle: Bundle, flow: string): readonly string[] {
  const known = namesByBundle.get(bundle) ?? new Map<string, readonly string[]>();
  namesByBundle.set(bundle, known);
  const names = known.get(flow) ?? connectionsUsed(bundle, flow);
  known.set(flow, names);
  return names;
}
