/** `caseqa sync plan`, `start`, `status` and `stop`: the first load of conversations from before the installation. */
import type { SyncPlan, SyncStatus } from "#contract/routes/sync";
import { askServer } from "#install/ask-server";
import { visible } from "#zis/model/visible";
import { type OpenAccount, withAccount } from "../account.ts";
import { type Command, EXIT, type Io } from "../command.ts";
import { onAccount, type AccountOptions, type DryRunOption } from "../options.ts";
import { planText, progressText, statusText } from "../sync-text.ts";
import { readSince } from "./sweep.ts";

const POLL_MS = 2_000;
const SINCE = [
  "--since <WHEN>",
  "only tickets that changed since a time such as 2026-01-01T00:00:00Z, or 90d ago (default: all)",
] as const;
const WATCH = ["--watch", "show the progress until all is stored"] as const;
const GOES_ON = "The first load continues on the server: caseqa sync status shows it.";

interface SinceOption {
  readonly since?: string;
}
interface WatchOption {
  readonly watch?: true;
}
type Context = OpenAccount["context"];

export const syncPlanCommand: Command<AccountOptions & SinceOption> = {
  name: "sync plan",
  declare: (command) =>
    onAccount(
      command
        .summary("calculate what a first load would read, and how long it would take")
        .description(
          `Asks Zendesk how many tickets there are, month by month, and looks at a page of them. Nothing is begun.`,
        )
        .option(...SINCE),
    ),
  async run(io, _words, options) {
    return withAccount(io, options, async ({ context }) => {
      const plan = await askPlan(context, io, options);
      io.progress.done();
      io.out(options.json ? `${JSON.stringify(plan)}\n` : visible(planText(plan)));
      return EXIT.ok;
    });
  },
};

export const syncStartCommand: Command<AccountOptions & SinceOption & WatchOption & DryRunOption> =
  {
    name: "sync start",
    declare: (command) =>
      onAccount(
        command
          .summary("store the conversations from before the installation")
          .description(`Begins the first load on the server, the newest tickets first, or goes on with one that was stopped.
One that runs already is shown as it is.`)
          .option(...SINCE)
          .option(...WATCH)
          .option("--dry-run", "only show the plan"),
        "0 begun, or with --watch all is stored; 1 failed, 2 wrong usage",
      ),
    ifStopped: GOES_ON,
    async run(io, words, options) {
      if (options.dryRun === true) return syncPlanCommand.run(io, words, options);
      return withAccount(io, options, async ({ context }) => {
        io.progress.show("asking Zendesk how many tickets there are");
        const status = await askServer(context.callServer, "begin the first load", {
          route: "start-sync",
          body: bodyOf(io, options),
        });
        return report(io, context, status, options);
      });
    },
  };

export const syncStatusCommand: Command<AccountOptions & WatchOption> = {
  name: "sync status",
  declare: (command) =>
    onAccount(
      command.summary("show how far the first load is").option(...WATCH),
      "0 none, running or finished; 1 failed, or with --watch stopped; 2 wrong usage",
    ),
  ifStopped: GOES_ON,
  async run(io, _words, options) {
    return withAccount(io, options, async ({ context }) =>
      report(io, context, await askStatus(context), options),
    );
  },
};

export const syncStopCommand: Command<AccountOptions & DryRunOption> = {
  name: "sync stop",
  declare: (command) =>
    onAccount(
      command
        .summary("stop the first load; what is stored stays")
        .option("--dry-run", "only show how far it is"),
    ),
  async run(io, _words, options) {
    return withAccount(io, options, async ({ context }) => {
      const status =
        options.dryRun === true
          ? await askStatus(context)
          : await askServer(context.callServer, "stop the first load", { route: "stop-sync" });
      io.progress.done();
      io.out(options.json ? `${JSON.stringify(status)}\n` : visible(statusText(status)));
      return EXIT.ok;
    });
  },
};

function askPlan({ callServer }: Context, io: Io, options: SinceOption): Promise<SyncPlan> {
  io.progress.show("asking Zendesk how many tickets there are");
  const body = bodyOf(io, options);
  return askServer(callServer, "plan the first load", { route: "plan-sync", body });
}

const bodyOf = (io: Io, { since }: SinceOption) =>
  since === undefined ? {} : { since: readSince(since, io.now()) };

const askStatus = ({ callServer }: Context) =>
  askServer(callServer, "read how far the first load is", { route: "sync" });

/** The first status in which nothing is left to wait for. */
async function watched(io: Io, context: Context, first: SyncStatus): Promise<SyncStatus> {
  let status = first;
  while (status.state === "running" || status.state === "reading") {
    io.progress.show(progressText(status));
    await io.sleep(POLL_MS);
    status = await askStatus(context);
  }
  return status;
}

async function report(
  io: Io,
  context: Context,
  first: SyncStatus,
  { watch, json }: WatchOption & AccountOptions,
): Promise<number> {
  const status = watch === true ? await watched(io, context, first) : first;
  io.progress.done();
  io.out(json ? `${JSON.stringify(status)}\n` : visible(statusText(status)));
  const isBroken = status.state === "failed" || (watch === true && status.state === "stopped");
  return isBroken ? EXIT.failed : EXIT.ok;
}
