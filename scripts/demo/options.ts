/** The demo's command line. */
import { parseArgs } from "node:util";
import { wholeNumber } from "../arguments.ts";

const SABOTAGES = ["no-idempotency", "drop-event", "double-link"] as const;
type Sabotage = (typeof SABOTAGES)[number];

export interface DemoOptions {
  readonly json: boolean;
  readonly seed: number;
  readonly tickets: number;
  readonly keep: boolean;
  readonly sabotage: Sabotage | undefined;
}

export const HELP = `Usage: npm run demo [-- options]

Starts a local Zendesk with ZIS, a local Salesforce and the actions server, installs the bundle over HTTP,
plays a timeline of ticket events (each delivered one to three times, out of order) as fast as this machine
runs the flows, shows what became of the tickets, and checks the result against the stores.

  --json            print one JSON object on stdout, nothing else; npm run --silent leaves out npm's own lines
  --seed N          another timeline and other data; the same seed gives the same counts (default 7)
  --tickets N       how many tickets the local Zendesk holds, 1 to 5000 (default 300)
  --keep            leave the world running afterwards, until Ctrl-C
  --sabotage NAME   break one thing on purpose; the demo must notice and exit 1
                      no-idempotency  the server forgets every key
                      drop-event      one event is never delivered
                      double-link     one ticket is linked a second time
  --help            this text

Exit codes: 0 every invariant holds, 1 one is broken, 2 a wrong option, 130 interrupted.
`;

/** The options, or undefined when help was asked for. Throws an error that names the wrong argument. */
export function readOptions(args: readonly string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "boolean", default: false },
      seed: { type: "string", default: "7" },
      tickets: { type: "string", default: "300" },
      keep: { type: "boolean", default: false },
      sabotage: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    json: values.json,
    seed: wholeNumber("--seed", values.seed, 0, 2 ** 32 - 1),
    tickets: wholeNumber("--tickets", values.tickets, 1, 5_000),
    keep: values.keep,
    sabotage: toSabotage(values.sabotage),
  };
}

function toSabotage(name: string | undefined): Sabotage | undefined {
  if (name === undefined) return undefined;
  const known = SABOTAGES.find((sabotage) => sabotage === name);
  if (!known) throw new Error(`--sabotage is one of ${SABOTAGES.join(", ")}, not "${name}".`);
  return known;
}
