/** `zis serve`: a local ZIS that keeps running, with a page to look at it. */
import { InvalidArgumentError } from "commander";
import { repeatable, wholeNumber } from "../terminal/command-line.ts";
import { type BundleFile, readBundle } from "./bundle-file.ts";
import { type Command, EXIT, type Io } from "./command.ts";
import type { LocalZis, LocalZisOptions } from "./local-zis.ts";
import { createMocks, readMocks } from "./mocks.ts";
import { PLAYED_ORIGIN } from "./played-account.ts";
import { readSeeds, type SeedOptions } from "./seeds.ts";
import { readChoices } from "./set.ts";
import { aborted, listenForInterrupt } from "../terminal/interrupt.ts";
import { createStyle } from "../terminal/style.ts";
import { visible } from "../model/visible.ts";
import { UsageError } from "../terminal/usage-error.ts";

const DEFAULT_PORT = 8600;

interface ServeOptions extends SeedOptions {
  readonly bundle?: readonly string[];
  readonly port: number;
  readonly data?: string;
  readonly zendesk?: string;
  readonly mocks?: string;
  readonly live?: true;
  readonly realTime?: true;
  readonly set?: readonly string[];
  readonly json?: true;
}

async function optionsOf(options: ServeOptions, io: Io): Promise<LocalZisOptions> {
  const { switches, serviceSwitches, limits } = readChoices(options.set);
  if (Object.keys(limits).length > 0) {
    throw new UsageError("serve keeps the documented limits; zis run takes other ones");
  }
  const { mocks: mocksFile, live = false } = options;
  if (live && mocksFile === undefined) {
    throw new UsageError("--live goes with --mocks: without mocks every request is sent");
  }
  const { MockDispatcher, realWait } = await import("./mock-dispatcher.ts");
  const findMock = mocksFile === undefined ? undefined : createMocks(await readMocks(mocksFile));
  const bundles = await Promise.all((options.bundle ?? []).map(readAccepted));
  return {
    port: options.port,
    dataDirectory: options.data,
    zendeskUrl: options.zendesk,
    bundles,
    seeds: await readSeeds(options),
    choices: { switches, serviceSwitches },
    realTime: options.realTime ?? false,
    outgoing:
      findMock &&
      ((zendeskOrigin) =>
        new MockDispatcher({
          findMock,
          publicOrigin: PLAYED_ORIGIN,
          zendeskOrigin,
          sends: live ? "everything" : "zendesk",
          wait: realWait,
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

function zendeskUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search === "") {
    return url.origin;
  }
  throw new InvalidArgumentError("It is an origin such as https://acme.zendesk.com.");
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

const DESCRIPTION =
  `Keeps a local ZIS of one account running until Ctrl-C: its APIs under /api/services/zis, its events at
POST /local/events, and at / a page with the integrations, flows as pictures, runs with their way through the picture, a form to
fire events, and the log. It answers this machine only.`.replaceAll("\n", " ");

export const serveCommand: Command<ServeOptions> = {
  name: "serve",
  declare: (command) =>
    command
      .summary("keep a local ZIS running, with a page to look at it")
      .description(DESCRIPTION)
      .allowExcessArguments()
      .option(
        "--bundle <file>",
        "install a bundle: its integration is registered, the bundle uploaded, its job specs installed, and the " +
          "connection to the account's own Zendesk made if a flow uses it; repeatable",
        repeatable,
      )
      .option(
        "--port <port>",
        "where to listen on 127.0.0.1; 0 takes a free port",
        wholeNumber(0, 65_535),
        DEFAULT_PORT,
      )
      .option(
        "--data <dir>",
        "keep the state in this directory: integrations, bundles, links, configs, connections, credentials, the log " +
          "(runs are not kept); one process at a time",
      )
      .option(
        "--connections <file>",
        "give them to every integration, in the format of zis run: those of the same names are replaced",
      )
      .option("--configs <file>", "likewise")
      .option("--links <file>", "likewise, but links are added")
      .option(
        "--zendesk <url>",
        "the account's host, where actions with a path go; without it they reach this local ZIS, which answers 404 to " +
          "all but its own APIs",
        zendeskUrlOf,
      )
      .option(
        "--mocks <file>",
        `replies to requests of actions, as for zis run; URLs of actions with a path begin with ${PLAYED_ORIGIN}. What ` +
          "no mock matches is answered with 599, except what goes to the account's host",
      )
      .option("--live", "with --mocks: send what no mock matches over the network")
      .option("--real-time", "let Waits and the delays of retries take their time")
      .option("--set <name=value>", "choose a behaviour (zis switches), repeatable", repeatable)
      .option(
        "--json",
        "print one line of JSON when ready: {ready, url, subdomain, accountId, adminEmail, apiToken, integrations: " +
          "[{name, file, flows, events, missingConnections, zisToken}]}; file is null for an integration that only " +
          "the state in --data has",
      )
      .addHelpText(
        "after",
        "\nExit codes: 0 stopped by Ctrl-C, 2 wrong usage, or a bundle that the registry refuses.",
      ),
  async run(io, [extra], given) {
    if (extra !== undefined)
      throw new UsageError(`serve takes no "${extra}"; --bundle FILE installs it`);
    const options = await optionsOf(given, io);
    const stop = listenForInterrupt();
    // The services take as long to load as all else together.
    const { startLocalZis } = await import("./local-zis.ts");
    const zis = await startLocalZis(options);
    const { close, ...facts } = zis;
    io.out(
      given.json
        ? `${JSON.stringify({ ready: true, ...facts })}\n`
        : card(zis, options.dataDirectory, io),
    );
    await aborted(stop);
    await close();
    return EXIT.ok;
  },
};
