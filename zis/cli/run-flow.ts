/** How a flow is run once, on mocks: by the services of a local ZIS, in memory. */
import { resourceName } from "../model/names.ts";
import { createAccount } from "../services/account.ts";
import { secretsOf } from "../services/connections.ts";
import type { Delivery } from "../services/flow-runner.ts";
import { createFlowServices, type FlowServices } from "../services/flow-services.ts";
import { serviceSwitches } from "../services/service-switches.ts";
import { openStore } from "../services/store.ts";
import { flowsOf } from "./bundle-file.ts";
import { MockDispatcher, realWait } from "./mock-dispatcher.ts";
import { createMocks } from "./mocks.ts";
import { closingLines, openingLines } from "./run-log.ts";
import { type Ended, type ExplainedRun, outcomeOf } from "./run-outcome.ts";
import { sow } from "./seeds.ts";
import type { Start } from "./start.ts";

const now = () => new Date();

/** Runs the flow that was chosen, once. Never rejects for what a flow or its definition may be. */
export async function runOnce(start: Start): Promise<ExplainedRun> {
  const { chosen, integration, data } = start;
  const log = openingLines(start);
  const { services, close } = openServices(start, (message) =>
    log.push({ status: "warning", message }),
  );
  try {
    sow(integration, start.seeds, services, now().toISOString());
    const ended: Ended =
      chosen.flow === null
        ? notStarted(chosen.problem, services.connections.all(integration).flatMap(secretsOf))
        : await services.runDelivery(deliveryOf(start, chosen.flow), new AbortController().signal);
    log.push(...closingLines(ended));
    const configs = services.configs.search(integration, "*");
    return outcomeOf(chosen.flow, data, ended, {
      configs: Object.fromEntries(configs.map(({ scope, config }) => [scope, config])),
      links: services.links.all(),
      log,
    });
  } finally {
    await close();
  }
}

function notStarted(message: string, secrets: readonly string[]): Ended {
  return { status: "NOT_STARTED", message, steps: [], requests: [], secrets };
}

interface OpenServices {
  readonly services: FlowServices;
  close(): Promise<void>;
}

function openServices(start: Start, warn: (message: string) => void): OpenServices {
  const { accountId, subdomain, choices, integration, realTime, live, bundleFile } = start;
  const store = openStore();
  // Only links take ids in a run: each time the same ones.
  const newId = () => `link-${store.nextNumber("uuid")}`;
  const zendeskOrigin = () => `https://${subdomain}.zendesk.com`;
  /** What mocks would have taken that did not take it for real. */
  let mockedMs = 0;
  const dispatcher = new MockDispatcher({
    findMock: createMocks(start.mocks),
    publicOrigin: zendeskOrigin(),
    zendeskOrigin,
    sends: live ? "everything" : "nothing",
    wait: realTime ? realWait : async (ms) => void (mockedMs += ms),
    warn,
  });
  const flows = new Map(
    flowsOf(bundleFile).map(({ properties: { name } }) => [
      resourceName(integration, "flow", name),
      { integration, flow: name, bundle: bundleFile.bundle },
    ]),
  );
  const services = createFlowServices({
    store,
    account: createAccount({ subdomain, accountId, users: [], now, newId, store }),
    findFlow: (fullName) => flows.get(fullName),
    zendeskOrigin,
    dispatcher,
    now,
    newId,
    waits: realTime ? "real" : "virtual",
    switches: choices.switches,
    // One attempt is what is looked at.
    serviceSwitches: { ...serviceSwitches(choices.serviceSwitches), flowRetries: "none" },
    limits: choices.limits,
    stopwatch: () => (realTime || live ? performance.now() : 0) + mockedMs,
  });
  return {
    services,
    async close() {
      await services.jq.close();
      await dispatcher.destroy();
    },
  };
}

/** No event started it: what it is called does not matter. */
function deliveryOf({ integration, data }: Start, flow: string): Delivery {
  return {
    id: "run",
    integration,
    jobSpec: "",
    flowName: resourceName(integration, "flow", flow),
    event_source: "",
    event_type: "",
    input: data["input"] ?? null,
    accepted_at: now().toISOString(),
  };
}
