/** `zis switches`: which behaviours are not publicly known, and what can be chosen. */
import { LIMITS } from "../engine/limits.ts";
import { SWITCHES } from "../engine/switches.ts";
import { SERVICE_SWITCHES } from "../services/service-switches.ts";
import { type Command, EXIT, type Io } from "./command.ts";
import { createStyle, wrapped } from "../terminal/style.ts";

interface SwitchEntry {
  readonly name: string;
  /** engine: what flows do. services: what the APIs and built-in actions do. limit: a number. */
  readonly kind: "engine" | "services" | "limit";
  readonly default: string | number;
  /** Absent for limits, which take numbers above 0: whole ones, and fractions where they are seconds. */
  readonly allowed?: readonly string[];
  readonly reason: string;
  readonly source: string;
}

function entries(): readonly SwitchEntry[] {
  return [
    ...Object.entries(SWITCHES).map(([name, spec]) => ({ name, kind: "engine", ...spec }) as const),
    ...Object.entries(SERVICE_SWITCHES).map(
      ([name, spec]) => ({ name, kind: "services", ...spec }) as const,
    ),
    ...Object.entries(LIMITS).map(
      ([name, spec]) => ({ name: `limits.${name}`, kind: "limit", ...spec }) as const,
    ),
  ];
}

const TITLES: Readonly<Record<SwitchEntry["kind"], string>> = {
  engine: "How flows behave (run, step, serve)",
  services: "How the services and built-in actions behave (run, step: the built-in actions only)",
  limit: "How much a flow may do",
};

function print(list: readonly SwitchEntry[], io: Io): void {
  const style = createStyle(io.colour);
  io.out("Choose with --set NAME=VALUE. The first value is the default.\n");
  for (const [kind, members] of Map.groupBy(list, (entry) => entry.kind)) {
    io.out(`\n${style("bold", TITLES[kind])}\n`);
    for (const entry of members) {
      const values = entry.allowed
        ? [entry.default, ...entry.allowed.filter((value) => value !== entry.default)].join(" | ")
        : String(entry.default);
      io.out(`\n  ${style("cyan", entry.name)}  ${values}\n`);
      io.out(wrapped(entry.reason, 4, io.columns));
      io.out(style("dim", wrapped(`Source: ${entry.source}.`, 4, io.columns)));
    }
  }
}

export const switchesCommand: Command<{ readonly json?: true }> = {
  name: "switches",
  declare: (command) =>
    command
      .summary("list the behaviours that can be chosen, their defaults and why")
      .description(
        "Lists each behaviour of ZIS that is not publicly known, with what is done by default, what else can be " +
          "chosen, why, and where that is known from; and the limits. Choose with --set NAME=VALUE in run and step.",
      )
      .option("--json", "print one array of {name, kind, default, allowed?, reason, source}"),
  async run(io, _args, { json }) {
    if (json) io.out(`${JSON.stringify(entries(), null, 2)}\n`);
    else print(entries(), io);
    return EXIT.ok;
  },
};
