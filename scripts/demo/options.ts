/** The demo's command line. */
import { type Command, Option } from "commander";
import { npmScript, withExitCode, SEED_OPTION, TICKETS_OPTION } from "../command-line.ts";

const SABOTAGES = ["no-idempotency", "drop-event", "double-link"] as const;

export interface DemoOptions {
  readonly json?: boolean;
  readonly seed: number;
  readonly tickets: number;
  readonly keep?: boolean;
  /** False: no first load, and no sweep at the end. */
  readonly sync: boolean;
  readonly sabotage?: (typeof SABOTAGES)[number];
}

export function demoCommand(run: (options: DemoOptions) => Promise<number>): Command {
  const command = npmScript(
    "demo",
    `Starts a local Zendesk with ZIS, a local Salesforce and the actions server, installs the bundle over HTTP,
plays a timeline of ticket events (each delivered one to three times, out of order) as fast as this machine
runs the flows, shows what became of the tickets, and checks the result against the stores. Meanwhile the sync
loads what was solved before the installation; afterwards it looks for what events did not bring.`,
    "0 every invariant holds, 1 one is broken, 2 a wrong option, 130 interrupted",
  )
    .option(
      "--json",
      "print one JSON object on stdout, nothing else; npm run --silent leaves out npm's lines",
    )
    .addOption(SEED_OPTION)
    .addOption(TICKETS_OPTION)
    .option("--no-sync", "load nothing from before the installation, and repair nothing afterwards")
    .option("--keep", "leave the world running afterwards, until Ctrl-C")
    .addOption(
      new Option(
        "--sabotage <NAME>",
        `break one thing on purpose; the demo must notice and exit 1, unless the sync repairs it:
no-idempotency  the server forgets every key
drop-event      one event is never delivered; the sync repairs it, so the demo says so and exits 0
double-link     one ticket is linked a second time`,
      ).choices(SABOTAGES),
    );
  return withExitCode(command, run);
}
