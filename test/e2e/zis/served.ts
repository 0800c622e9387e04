/** A `zis serve` in a process of its own, with a small bundle, as programs start it. */
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { startScript } from "../../support/run-script.ts";

interface ServedCard {
  readonly ready: true;
  readonly url: string;
  readonly subdomain: string;
  readonly adminEmail: string;
  readonly apiToken: string;
  readonly integrations: readonly {
    readonly name: string;
    readonly flows: readonly string[];
    readonly events: readonly object[];
    readonly missingConnections: readonly string[];
    readonly zisToken: string;
  }[];
}

export interface Served {
  readonly card: ServedCard;
  /** What it has written to standard error. */
  stderr(): string;
  /** Ends it as Ctrl-C does. @returns the exit code. */
  stop(): Promise<number | null>;
}

export const ENTRY = "zis/cli/main.ts";

/** The secret of the connection `crm`. */
export const SECRET = "s3cret-of-the-crm";

/** A ticket that is solved is told to a CRM; an order has no CRM to be told to. */
const BUNDLE = {
  name: "shop",
  zis_template_version: "2019-10-14",
  resources: {
    tell: {
      type: "ZIS::Action::Http",
      properties: {
        name: "tell_crm",
        definition: {
          method: "POST",
          url: "https://crm.example.com/tickets/{{$.id}}",
          connectionName: "crm",
          requestBody: { "status.$": "$.status" },
        },
      },
    },
    read: {
      type: "ZIS::Action::Http",
      properties: { name: "read_ticket", definition: { method: "GET", path: "/api/v2/tickets/1" } },
    },
    solved_flow: {
      type: "ZIS::Flow",
      properties: {
        name: "ticket_solved",
        definition: {
          StartAt: "IsSolved",
          States: {
            IsSolved: {
              Type: "Choice",
              Choices: [
                { Variable: "$.input.ticket_event.current", StringEquals: "solved", Next: "Tell" },
              ],
              Default: "NotSolved",
            },
            Tell: {
              Type: "Action",
              ActionName: "zis:shop:action:tell_crm",
              Parameters: {
                "id.$": "$.input.ticket_event.ticket.id",
                "status.$": "$.input.ticket_event.current",
              },
              ResultPath: "$.told",
              Next: "Rest",
            },
            Rest: { Type: "Wait", Seconds: 60, Next: "Told" },
            Told: { Type: "Succeed", Message: "The CRM knows." },
            NotSolved: { Type: "Succeed", Message: "Nothing to tell." },
          },
        },
      },
    },
    order_flow: {
      type: "ZIS::Flow",
      properties: {
        name: "order_paid",
        definition: {
          StartAt: "Read",
          States: {
            Read: {
              Type: "Action",
              ActionName: "zis:shop:action:read_ticket",
              Parameters: { "order.$": "$.input.order.number" },
              End: true,
            },
          },
        },
      },
    },
    on_solved: {
      type: "ZIS::JobSpec",
      properties: {
        name: "on_solved",
        event_source: "support",
        event_type: "ticket.StatusChanged",
        flow_name: "zis:shop:flow:ticket_solved",
      },
    },
    on_paid: {
      type: "ZIS::JobSpec",
      properties: {
        name: "on_paid",
        event_source: "shop",
        event_type: "order.paid",
        flow_name: "zis:shop:flow:order_paid",
      },
    },
  },
};

const MOCKS = [{ method: "POST", url: "https://crm.example.com/*", body: { known: true } }];

/** A folder with `bundle.json` and `mocks.json`; removed by the returned function. */
export async function folderWithBundle(): Promise<[folder: string, remove: () => Promise<void>]> {
  const folder = await mkdtemp(join(tmpdir(), "zis-serve-"));
  await writeFile(join(folder, "bundle.json"), JSON.stringify(BUNDLE));
  await writeFile(join(folder, "mocks.json"), JSON.stringify(MOCKS));
  return [folder, () => rm(folder, { recursive: true, force: true })];
}

/** Starts `zis serve --json` on a free port and waits until it is ready. */
export async function startServe(args: readonly string[]): Promise<Served> {
  const child = startScript(ENTRY, ["serve", "--json", "--port", "0", ...args]);
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const closed = once(child, "close").then(([code]) => code as number | null);
  const lines = createInterface({ input: child.stdout! });
  const [line] = (await Promise.race([
    once(lines, "line"),
    closed.then((code) => Promise.reject(new Error(`zis serve ended with ${code}: ${stderr}`))),
  ])) as [string];
  return {
    card: JSON.parse(line) as ServedCard,
    stderr: () => stderr,
    stop() {
      child.kill("SIGINT");
      return closed;
    },
  };
}

/** The same, stopped when the test has finished. */
export async function serveInTest(args: readonly string[]): Promise<Served> {
  const served = await startServe(args);
  onTestFinished(async () => void (await served.stop()));
  return served;
}

/** Gives the integration its connection `crm`. */
export async function connectCrm({ card }: Served): Promise<void> {
  const [shop] = card.integrations;
  const reply = await fetch(
    `${card.url}/api/services/zis/integrations/shop/connections/bearer_token`,
    {
      method: "POST",
      headers: { authorization: `Bearer ${shop!.zisToken}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "crm", token: SECRET, allowed_domain: "crm.example.com" }),
    },
  );
  if (reply.status !== 201) throw new Error(await reply.text());
}

/** Fires the event of a solved ticket, as a program does. */
export async function solveTicket({ card }: Served, current = "solved"): Promise<void> {
  const input = { ticket_event: { current, ticket: { id: 7 } } };
  await postEvent(card.url, { event_source: "support", event_type: "ticket.StatusChanged", input });
}

/** Fires an event and waits for its runs. */
export async function postEvent(url: string, event: object): Promise<void> {
  await fetch(`${url}/local/events`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(event),
  });
  await fetch(`${url}/local/idle`);
}
