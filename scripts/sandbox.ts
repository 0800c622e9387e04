/** npm run sandbox: the whole world, kept running for a person or a program. */
import { parseArgs } from "node:util";
import { wholeNumber, withOptions } from "./arguments.ts";
import { listenForInterrupt } from "./interrupt.ts";
import type { World, WorldCard, WorldPorts } from "./world.ts";
import { endOnClosedPipe } from "./closed-pipe.ts";

const HELP = `Usage: npm run sandbox [-- options]

Keeps a local Zendesk with ZIS, a local Salesforce and the actions server running, with the bundle installed,
until Ctrl-C. All addresses are plain HTTP on 127.0.0.1.

  --json        print one line of JSON when ready, for programs
  --port BASE   Zendesk on BASE, Salesforce on BASE+1, the server on BASE+2 (default: free ports)
  --seed N      other data (default 7)
  --tickets N   how many tickets the local Zendesk holds (default 300)
  --help        this text

Exit codes: 0 stopped by Ctrl-C, 1 could not start, 2 misuse.
`;

interface SandboxOptions {
  readonly json: boolean;
  readonly ports: WorldPorts;
  readonly seed: number;
  readonly tickets: number;
}

/** The options, or undefined when help was asked for. Throws on misuse. */
function readOptions(): SandboxOptions | undefined {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      port: { type: "string" },
      seed: { type: "string", default: "7" },
      tickets: { type: "string", default: "300" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const base =
    values.port === undefined ? undefined : wholeNumber("--port", values.port, 1, 65_533);
  return {
    json: values.json,
    ports:
      base === undefined
        ? { zendesk: 0, salesforce: 0, server: 0 }
        : { zendesk: base, salesforce: base + 1, server: base + 2 },
    seed: wholeNumber("--seed", values.seed, 0, 2 ** 32 - 1),
    tickets: wholeNumber("--tickets", values.tickets, 1, 5_000),
  };
}

function describe(card: WorldCard): string {
  const { zendesk, salesforce, server, integration } = card;
  return `
The sandbox is running. Ctrl-C stops it.

  Zendesk     ${zendesk.url}   (subdomain ${zendesk.subdomain})
              ${zendesk.adminEmail}/token : ${zendesk.apiToken}
              OAuth client ${zendesk.oauth.clientId} : ${zendesk.oauth.clientSecret}
  Salesforce  ${salesforce.loginUrl}
              OAuth client ${salesforce.clientId} : ${salesforce.clientSecret}
  Server      ${server.url}   token ${server.token}
  ZIS         integration ${integration}; flows, runs and log to look at: ${zendesk.url}/

Try: curl -s -u ${zendesk.adminEmail}/token:${zendesk.apiToken} '${zendesk.url}/api/v2/tickets.json?page[size]=2' -g
`;
}

async function sandbox(options: SandboxOptions): Promise<number> {
  const interrupt = listenForInterrupt();
  let world: World;
  try {
    // The world takes a second to load; help and misuse answer without it.
    const { createWorld } = await import("./world.ts");
    world = await createWorld({ ...options, logLevel: "warn" });
  } catch (error) {
    process.stderr.write(`The sandbox could not start: ${(error as Error).message}\n`);
    return 1;
  }
  process.stdout.write(
    options.json ? `${JSON.stringify({ ready: true, ...world.card })}\n` : describe(world.card),
  );
  await interrupt.signalled;
  await world.close();
  return 0;
}

endOnClosedPipe(process.stdout);
process.exitCode = await withOptions(HELP, readOptions, sandbox);
