/** `caseqa install`: from an empty account to working. */
import { onAccount, type AccountOptions, type DryRunOption } from "../options.ts";
import { type Command as CommanderCommand, InvalidArgumentError } from "commander";
import { wholeNumber } from "#zis/terminal/command-line";
import { UsageError } from "#zis/terminal/usage-error";
import { STEP_NAMES, type StepName } from "#install/step-names";
import { type OpenAccount, withAccount } from "../account.ts";
import { type Command, EXIT, type Io } from "../command.ts";
import {
  exitCodeOf,
  type InstallationOptions,
  type InstallationPlan,
  type InstallationResult,
  planInstallation,
  runInstallation,
} from "../installation.ts";
import { SERVER_REMEDY } from "../server-login.ts";
import { planLine, stepLine } from "../steps-report.ts";
import { markedLine } from "../marked-line.ts";
import { createStyle } from "#zis/terminal/style";

export interface InstallOptions extends AccountOptions, DryRunOption {
  readonly app: string;
  readonly zcli?: string;
  readonly skipApp?: true;
  readonly only?: readonly StepName[];
  readonly timeout: number;
}

/** The options and exit codes of an installation and of an upgrade. */
export function declareInstallation(command: CommanderCommand): CommanderCommand {
  return onAccount(
    command
      .option("--app <DIR>", "the built app", "dist/app")
      .option("--zcli <FILE>", "the zcli to use (default: the one on PATH)")
      .option("--skip-app", "do everything except the app")
      .option(
        "--only <STEPS>",
        `only these steps, separated by commas, without the app: ${STEP_NAMES.join(", ")}`,
        readSteps,
      )
      .option(
        "--timeout <N>",
        "seconds to wait for an administrator in the app, 0 to 3600",
        wholeNumber(0, 3_600),
        600,
      )
      .option("--dry-run", "show what would be done"),
    `0 working, 1 a step failed (its remedy is shown), 2 wrong usage,
3 an administrator has to press Install in the app`,
  );
}

export const installCommand: Command<InstallOptions> = {
  name: "install",
  declare: (command) =>
    declareInstallation(
      command.summary("install the app and the integration, and try it with an event")
        .description(`Installs the app with zcli and reads it back, then runs each step of the installation and reads it back: the
integration, its OAuth client, the connection to our server, the bundle, its job specs, the webhooks, the
settings, and an event end to end. It may be repeated at any time: what is already done stays.

Zendesk accepts a bundle with an API token or from an administrator's browser, but not with OAuth. With OAuth the
command shows the app's address and waits until an administrator has pressed Install there.`),
    ),
  async run(io, _words, options) {
    return withAccount(io, options, (account) =>
      installOrPlan(io, account, "install", options, (result) =>
        reportInstallation(io, result, options.json),
      ),
    );
  },
};

/** In the order in which they run. */
function readSteps(text: string): readonly StepName[] {
  const names = text.split(",");
  const unknown = names.find((name) => !(STEP_NAMES as readonly string[]).includes(name));
  if (unknown === undefined) return STEP_NAMES.filter((name) => names.includes(name));
  throw new InvalidArgumentError(`There is no step ${unknown}.`);
}

/**
 * In a dry run, shows what would be done; otherwise does it and reports it.
 *
 * @throws UsageError without a server token
 */
export async function installOrPlan(
  io: Io,
  account: OpenAccount,
  command: InstallationOptions["command"],
  options: InstallOptions,
  report: (result: InstallationResult) => number,
): Promise<number> {
  const { only, skipApp, dryRun, json, zcli, timeout } = options;
  const app = skipApp || only ? null : { directory: options.app, zcli };
  const steps = only ?? STEP_NAMES;
  if (dryRun) return reportPlan(io, await planInstallation(io, account, app, steps), json);
  if (account.context.serverToken === undefined) {
    throw new UsageError(`the server's token is missing. ${SERVER_REMEDY}`);
  }
  const how = { command, app, steps, timeoutSeconds: timeout, say: io.err };
  return report(await runInstallation(io, account, how));
}

function reportPlan(io: Io, plan: InstallationPlan, json = false): number {
  io.progress.done();
  if (json) {
    io.out(`${JSON.stringify({ dry_run: true, ...plan })}\n`);
    return EXIT.ok;
  }
  const style = createStyle(io.colour);
  if (plan.app) {
    const { action, directory } = plan.app;
    const isKept = action === "keep";
    const text = isKept ? "unchanged" : `zcli apps:${action} ${directory}`;
    io.out(`${markedLine(style, isKept ? "ok" : "planned", "app", text, null)}\n`);
  }
  for (const step of plan.steps) io.out(`${planLine(io, step)}\n`);
  return EXIT.ok;
}

export function reportInstallation(
  io: Io,
  result: InstallationResult,
  json = false,
  more: Readonly<Record<string, unknown>> = {},
): number {
  io.progress.done();
  if (json) {
    io.out(`${JSON.stringify({ ok: result.outcome === "installed", ...result, ...more })}\n`);
    return exitCodeOf(result);
  }
  const style = createStyle(io.colour);
  if (result.app) {
    const { action, appId, page, version } = result.app;
    const served = version === null ? "" : `, version ${version}`;
    const text = `${action}: id ${appId}${served}, ${page}`;
    io.out(`${markedLine(style, "ok", "app", text, null)}\n`);
  }
  for (const step of result.steps) io.out(`${stepLine(io, step)}\n`);
  return exitCodeOf(result);
}
