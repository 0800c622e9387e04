/** `caseqa sweep`: finds the tickets whose events were missed, and repairs them. */
import type { SweepReport, SweepRequest } from "#contract/routes/sweep";
import { onAccount, type AccountOptions, type DryRunOption } from "../options.ts";
import { wholeNumber } from "#zis/terminal/command-line";
import { UsageError } from "#zis/terminal/usage-error";
import { readInstant } from "#contract/instant";
import { visible } from "#zis/model/visible";
import { askServer } from "#install/ask-server";
import { type OpenAccount, withAccount } from "../account.ts";
import { type Command, EXIT, type Io } from "../command.ts";
import { counted } from "#zis/terminal/style";

const POLL_MS = 1_000;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

interface SweepOptions extends AccountOptions, DryRunOption {
  readonly since?: string;
  readonly timeout: number;
}

export const sweepCommand: Command<SweepOptions> = {
  name: "sweep",
  declare: (command) =>
    onAccount(
      command
        .summary("fetch the tickets that changed, and repair those whose events were missed")
        .description(`Asks our server for a sweep and waits for its report: missed (in Zendesk but not stored here),
stale (older here), extra (only here). The same sweep runs every hour and after each upload.`)
        .option(
          "--since <WHEN>",
          "a time such as 2026-11-25T08:00:00Z, or 30m, 6h, 2d ago (default: shortly before the last sweep's end, at most a day)",
        )
        .option(
          "--timeout <N>",
          "seconds to wait for the report, 1 to 3600; the sweep continues afterwards",
          wholeNumber(1, 3_600),
          600,
        )
        .option("--dry-run", "only report, repair nothing"),
      "0 finished with nothing left to do, 1 failed or something is left, 2 wrong usage",
    ),
  ifStopped: "The sweep continues on the server; its report is on the app's page Health.",
  async run(io, _words, options) {
    const { since, timeout, dryRun = false, json } = options;
    const body = {
      reason: "demand" as const,
      dry_run: dryRun,
      ...(since === undefined ? {} : { since: readSince(since, io.now()) }),
    };
    return withAccount(io, options, async ({ context }) => {
      io.progress.show("asking for a sweep");
      const report = await waitForReport(context, io, body, timeout);
      io.progress.done();
      io.out(json ? `${JSON.stringify(report)}\n` : describe(report));
      return exitCode(report);
    });
  },
};

/** A time, or how long before now. Throws a UsageError for anything else, and for the future. */
export function readSince(text: string, now: Date): string {
  const [, many, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const instant =
    many !== undefined && unit !== undefined
      ? new Date(now.getTime() - Number(many) * (UNITS[unit] ?? 0))
      : readInstant(text);
  if (instant === undefined) {
    throw new UsageError(
      `--since takes a time such as 2026-11-25T08:00:00Z, or 30m, 6h, 2d, not "${text}"`,
    );
  }
  if (instant > now) throw new UsageError(`--since: ${instant.toISOString()} is in the future`);
  return instant.toISOString();
}

async function waitForReport(
  { callServer }: OpenAccount["context"],
  io: Io,
  body: SweepRequest,
  seconds: number,
): Promise<SweepReport> {
  const what = "have the server sweep";
  let report = await askServer(callServer, what, { route: "request-sweep", body });
  const endMs = io.now().getTime() + seconds * 1_000;
  while (report.state === "running" && io.now().getTime() < endMs) {
    const looked = `${counted(report.tickets_looked_at, "ticket")} looked at`;
    io.progress.show([`sweep ${report.id}: ${looked}.`, ...waitOf(report)].join(" "));
    await io.sleep(POLL_MS);
    report = await askServer(callServer, what, { route: "sweep", params: { id: report.id } });
  }
  return report;
}

/** Why a running sweep is waiting at the moment; at most one sentence. */
function waitOf({ waits_until: until }: SweepReport): readonly string[] {
  if (until == null) return [];
  return [`It waits until ${until}, because Zendesk holds back what changed in the last minute.`];
}

function exitCode({ state, missed, stale, extra, repaired, dry_run: dryRun }: SweepReport): number {
  if (state !== "finished") return EXIT.failed;
  return dryRun || missed + stale + extra <= repaired ? EXIT.ok : EXIT.failed;
}

function describe(report: SweepReport): string {
  const { state, since, tickets_looked_at: looked, missed, stale, extra, repaired } = report;
  const lines = [
    `sweep ${report.id} ${state}${report.dry_run ? " (dry run)" : ""}, since ${since}`,
    `${counted(looked, "ticket")} looked at: ${missed} missed, ${stale} stale, ${extra} extra, ${repaired} repaired`,
    ...report.findings.map(
      ({ ticket_id: ticket, kind, what, repaired: isRepaired }) =>
        `  ticket ${ticket}: ${kind}, ${what}${isRepaired ? ", repaired" : ""}`,
    ),
    ...(report.message === null ? [] : [report.message]),
    ...(state === "running"
      ? ["It continues; the app shows the report under this id.", ...waitOf(report)]
      : []),
  ];
  return `${visible(lines.join("\n"))}\n`;
}
