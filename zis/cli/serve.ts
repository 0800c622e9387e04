/** `zis serve`: a local ZIS that keeps running, with a page to look at it. */
import { once } from "node:events";
import { readArguments, type Arguments } from "./arguments.ts";
import { type BundleFile, readBundle } from "./bundle-file.ts";
import { type Command, EXIT, type Io } from "./command.ts";
import { type LocalZis, type LocalZisOptions, startLocalZis, SUBDOMAIN } from "./local-zis.ts";
import { MockDispatcher } from "./mock-dispatcher.ts";
import { createMocks, readMocks } from "./mocks.ts";
import { readSeeds, SEED_OPTIONS } from "./seeds.ts";
import { readChoices } from "./set.ts";
import { createStyle } from "../terminal/style.ts";
import { visible } from "../model/visible.ts";
import { UsageError } from "../terminal/usage-error.ts";

const DEFAULT_PORT = 8600;

const HELP = `Usage: zis serve [--bundle FILE]... [--port PORT] [--data DIR] [options]

Keeps a local ZIS of one account running until Ctrl-C: its APIs under
/api/services/zis, its events at POST /local/events, and at / a page with the
integrations, flows as pictures, runs with their way through the picture, a form
to fire events, and the log. It answers this machine only.

  --bundle FILE     install a bundle: its integration is registered, the bundle
                    uploaded, its job specs installed, and the connection to the
                    account's own Zendesk made if a flow uses it; repeatable
  --port PORT       where to listen on 127.0.0.1 (default ${DEFAULT_PORT}); 0 takes a free port
  --data DIR        keep the state in this directory: integrations, bundles, links,
                    configs, connections, credentials, the log (runs are not kept);
                    one process at a time
  --connections FILE
  --configs FILE
  --links FILE      give them to every integration, in the formats of zis run: configs
                    and connections of the same names are replaced, links are added
  --zendesk URL     the account's host, where actions with a path go; without it they
                    reach this local ZIS, which answers 404 to all but its own APIs
  --mocks FILE      replies to requests of actions, as for zis run; URLs of actions
                    with a path begin with https://${SUBDOMAIN}.zendesk.com. What no mock
                    matches is answered with 599, except what goes to the account's host
  --live            with --mocks: send what no mock matches over the network
  --real-time       let Waits and the delays of retries take their time
  --set NAME=VALUE  choose a behaviour (zis switches), repeatable
  --json            print one line of JSON when ready: {ready, url, subdomain,
                    accountId, adminEmail, apiToken, integrations: [{name, file,
                    flows, events, missingConnections, zisToken}]}; file is null for
                    an integration that only the state in --data has

Exit codes: 0 stopped by Ctrl-C, 2 wrong usage, or a bundle that the registry refuses.
`;

async function optionsOf(args: Arguments, io: Io): Promise<LocalZisOptions> {
  const { switches, serviceSwitches, limits } = readChoices(args.all("set"));
  if (Object.keys(limits).length > 0) {
    throw new UsageError("serve keeps the documented limits; zis run takes other ones");
  }
  const mocksFile = args.value("mocks");
  const live = args.flag("live");
  if (live && mocksFile === undefined) {
    throw new UsageError("--live goes with --mocks: without mocks every request is sent");
  }
  const findMock = mocksFile === undefined ? undefined : createMocks(await readMocks(mocksFile));
  const bundles = await Promise.all(args.all("bundle").map(readAccepted));
  return {
    port: portOf(args.value("port")),
    dataDirectory: args.value("data"),
    zendeskUrl: zendeskUrlOf(args.value("zendesk")),
    bundles,
    seeds: await readSeeds(args),
    choices: { switches, serviceSwitches },
    realTime: args.flag("real-time"),
    outgoing:
      findMock &&
      ((zendeskOrigin) =>
        new MockDispatcher({
          findMock,
          publicOrigin: `https://${SUBDOMAIN}.zendesk.com`,
          zendeskOrigin,
          live,
          warn: (message) => io.err(`zis: ${visible(message)}\n`),
        })),
  };
}

/** A bundle that the registry takes: nothing is started for one that it would not. */
async function readAccepted(file: string): Promise<BundleFile> {
  const bundle = await readBundle(file);
  if (bundle.refusal === undefined) return bundle;
  throw new UsageError(`${file}: the registry refuses this bundle: ${bundle.refusal}`);
}

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port takes a whole number from 0 to 65535, not "${text}"`);
}

function zendeskUrlOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search === "") {
    return url.origin;
  }
  throw new UsageError(`--zendesk takes an origin such as https://acme.zendesk.com, not "${text}"`);
}

/** What a person needs to use it. */
function card(zis: LocalZis, dataDirectory: string | undefined, io: Io): string {
  const style = createStyle(io.colour);
  const line = (label: string, text: string) => `  ${style("dim", label.padEnd(12))}${text}`;
  const integrations = zis.integrations.flatMap((integration) => [
    "",
    line(
      "Integration",
      `${style("bold", integration.name)}  ${visible(integration.file ?? "kept in the state")}`,
    ),
    line("", visible(`flows ${integration.flows.join(", ")}`)),
    line("", `ZIS token ${integration.zisToken} for its connections, configs, links`),
    ...integration.missingConnections.map((name) =>
      line("", style("yellow", `needs the connection ${name}: make it with that token`)),
    ),
  ]);
  return [
    "",
    `${style("bold", "The local ZIS is running.")} Ctrl-C stops it.`,
    "",
    line("Page", style("cyan", `${zis.url}/`)),
    line("Account", `${zis.subdomain}, id ${zis.accountId}`),
    line("Admin", `${zis.adminEmail}/token:${zis.apiToken}`),
    line("State", dataDirectory ?? "in memory: gone when it stops (--data DIR keeps it)"),
    ...(integrations.length > 0
      ? integrations
      : [
          "",
          line(
            "Integration",
            "none given: --bundle FILE installs one; the page lists what there is",
          ),
        ]),
    "",
    "Fire an event on the page, or:",
    "",
    curl(zis),
    "",
    "",
  ].join("\n");
}

function curl({ url, integrations }: LocalZis): string {
  const event = integrations[0]?.events[0];
  const { event_source = "support", event_type = "ticket.TicketCreated" } = event ?? {};
  const body = visible(JSON.stringify({ event_source, event_type, input: {} })).replaceAll(
    "'",
    "'\\''",
  );
  return `  curl -s ${url}/local/events -H 'content-type: application/json' \\\n    -d '${body}'`;
}

export const serveCommand: Command = {
  name: "serve",
  summary: "keep a local ZIS running, with a page to look at it",
  help: HELP,
  async run(args, io) {
    const read = readArguments(args, {
      values: ["bundle", "port", "data", "zendesk", "mocks", "set", ...SEED_OPTIONS],
      flags: ["live", "real-time", "json"],
    });
    const [extra] = read.positionals;
    if (extra !== undefined)
      throw new UsageError(`serve takes no "${extra}"; --bundle FILE installs it`);
    const options = await optionsOf(read, io);
    const stop = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    const zis = await startLocalZis(options);
    const { close, ...facts } = zis;
    io.out(
      read.flag("json")
        ? `${JSON.stringify({ ready: true, ...facts })}\n`
        : card(zis, options.dataDirectory, io),
    );
    await stop;
    await close();
    return EXIT.ok;
  },
};
