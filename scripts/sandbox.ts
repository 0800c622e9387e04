/** npm run sandbox: the whole world, kept running for a person or a program. */
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { wholeNumber } from "#zis/terminal/command-line";
import { npmScript, withExitCode, runScript, SEED_OPTION, TICKETS_OPTION } from "./command-line.ts";
import { aborted, listenForInterrupt } from "#zis/terminal/interrupt";
import type { World, WorldCard } from "./world.ts";
import type { WorldPorts } from "./world/options.ts";

interface SandboxOptions {
  readonly json?: boolean;
  readonly empty?: boolean;
  readonly port?: number;
  readonly seed: number;
  readonly tickets: number;
  readonly history?: number;
}

/** The package whose lock file pins the unmodified zcli. */
const ZCLI = "test/install";

function dataFolder(): string {
  return resolve(process.env["DATA_DIR"] ?? ".caseqa");
}

/** An open ticket for which the server finds one case without any setting. */
function linkableTicket({ data }: World): string {
  const found = data.zendesk.tickets.find(({ id, status, tags }) => {
    const truth = data.truth.get(String(id));
    const isFound = truth?.outcome === "matched" && truth.by !== "case_number";
    const isIgnored = tags.some((tag) => DEFAULT_SETTINGS.ignore_tags.includes(tag));
    return status === "open" && isFound && !isIgnored;
  });
  return String(found?.id ?? "ID");
}

/** What caseqa and zcli want in their environment, in a file for a shell to read. @returns its path */
async function writeEnvironment({ card, tls }: World): Promise<string> {
  if (!tls) throw new Error("an empty account answers by TLS");
  const folder = dataFolder();
  const certificate = join(folder, "sandbox.pem");
  const file = join(folder, "sandbox.env");
  const variables = {
    NODE_EXTRA_CA_CERTS: certificate,
    ZENDESK_SUBDOMAIN: tls.zcli.subdomain,
    ZENDESK_DOMAIN: tls.zcli.domain,
    ZENDESK_EMAIL: card.zendesk.adminEmail,
    ZENDESK_API_TOKEN: card.zendesk.apiToken,
    CASEQA_ZENDESK_URL: card.zendesk.url,
    CASEQA_SERVER_URL: card.server.url,
    CASEQA_SERVER_TOKEN: card.server.token,
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  // The unmodified zcli, once npm has brought it.
  lines.push(`export PATH='${resolve(ZCLI, "node_modules/.bin")}':"$PATH"\n`);
  await mkdir(folder, { recursive: true });
  await writeFile(certificate, tls.cert);
  await writeFile(file, lines.join(""), { mode: 0o600 });
  return file;
}

function describeEmpty(world: World, file: string): string {
  const { zendesk, server } = world.card;
  const ticketId = linkableTicket(world);
  const administrator = world.data.zendesk.agents[0]?.name ?? zendesk.adminEmail;
  return `
The sandbox is running, and nothing of CaseQA is installed in its account. Ctrl-C stops it.

  Zendesk     ${zendesk.url}   (administrator ${zendesk.adminEmail})
  Server      ${server.url}   token ${server.token}

In another terminal, in this folder:

  . ${relative("", file)}
  npm run build:app
  npm ci --prefix ${ZCLI} --ignore-scripts       # zcli, which installs apps
  npm run --silent caseqa -- init --subdomain ${zendesk.subdomain}
  npm run --silent caseqa -- install

The app is then on ${zendesk.url}/agent/apps/caseqa: sign in as ${administrator}.
For the first link, solve a ticket whose customer has one case:

  curl -s -o /dev/null -X PUT -u "$ZENDESK_EMAIL/token:$ZENDESK_API_TOKEN" -H 'content-type: application/json' \\
    -d '{"ticket":{"status":"solved"}}' "$CASEQA_ZENDESK_URL/api/v2/tickets/${ticketId}.json"
  npm run --silent caseqa -- links find --ticket ${ticketId}

docs/install.md explains each step. caseqa.json then names this sandbox: remove it before you install elsewhere.
`;
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
  const { empty = false, json, port, seed, tickets, history } = options;
  const interrupt = listenForInterrupt();
  let world: World;
  let environment: string | undefined;
  try {
    // The world takes a second to load; help and wrong usage are answered without it.
    const { createWorld } = await import("./world.ts");
    const ports = portsFrom(port);
    world = await createWorld({
      seed,
      tickets,
      ports,
      logLevel: "warn",
      installed: !empty,
      tls: empty,
      // Only the broad scope may count by searching.
      ...(history !== undefined && { history, zendeskScope: "read tickets:write" }),
    });
    if (empty) environment = await writeEnvironment(world);
  } catch (error) {
    process.stderr.write(`The sandbox could not start: ${(error as Error).message}\n`);
    return 1;
  }
  const card = environment === undefined ? describe(world.card) : describeEmpty(world, environment);
  process.stdout.write(json ? `${JSON.stringify({ ready: true, ...world.card })}\n` : card);
  await aborted(interrupt);
  await world.close();
  return 0;
}

/** Three ports in a row, or free ones. */
function portsFrom(base: number | undefined): WorldPorts {
  if (base === undefined) return { zendesk: 0, salesforce: 0, server: 0 };
  return { zendesk: base, salesforce: base + 1, server: base + 2 };
}

const command = npmScript(
  "sandbox",
  `Keeps a local Zendesk with ZIS, a local Salesforce and the actions server running, with the bundle installed,
until Ctrl-C. All addresses are plain HTTP on 127.0.0.1.

With --empty nothing of CaseQA is installed yet, and Zendesk answers by TLS too: an account to install into with
caseqa and zcli. What they need is written to .caseqa/sandbox.env, and the way to the first link is printed.`,
  "0 stopped by Ctrl-C, 1 could not start, 2 wrong usage",
)
  .option("--empty", "an account in which nothing is installed")
  .option(
    "--json",
    "print one line of JSON when ready, for programs; npm run --silent leaves out npm's lines",
  )
  .option(
    "--port <BASE>",
    "Zendesk on BASE, Salesforce on BASE+1, the server on BASE+2 (default: free ports)",
    wholeNumber(1, 65_533),
  )
  .option(
    "--history <N>",
    "instead an account of N tickets of three years, 1000 to 10000000, to try the first load on",
    wholeNumber(1_000, 10_000_000),
  )
  .addOption(SEED_OPTION)
  .addOption(TICKETS_OPTION);
await runScript(withExitCode(command, sandbox));
