/** `caseqa install`: from an empty account to working. */
import { STEP_NAMES, type StepName } from "#install/context";
import { ACCOUNT_FLAGS, ACCOUNT_HELP, type OpenAccount, withAccount } from "../account.ts";
import { type Arguments, readArguments, requirePositionals, wholeNumber } from "../arguments.ts";
import type { AppOptions } from "../zendesk-app/prepare-app.ts";
import { type Command, EXIT, type Io, Misuse } from "../command.ts";
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

const INSTALL_OPTIONS = {
  values: ["app", "zcli", "timeout", "only"],
  flags: [...ACCOUNT_FLAGS, "skip-app", "dry-run"],
} as const;

export const INSTALL_OPTIONS_HELP = `  --app DIR       the built app (default: dist/app)
  --zcli FILE     the zcli to use (default: the one on PATH)
  --skip-app      do all but the app
  --only STEPS    these steps only, with commas between them, and not the app:
                  ${STEP_NAMES.join(", ")}
  --timeout N     seconds to wait for an administrator in the app, 0 to 3600 (default 600)
  --dry-run       show what would be done
${ACCOUNT_HELP}`;

export const INSTALL_EXIT_HELP =
  "Exit codes: 0 working, 1 a step failed (its remedy is shown), 2 misuse,\n3 an administrator has to press Install in the app.\n";

const DEFAULT_TIMEOUT = "600";

export const installCommand: Command = {
  name: "install",
  summary: "install the app and the integration, and try it with an event",
  help: `Usage: caseqa install [options]

Installs the app with zcli and reads it back, then does each step of the installation and reads it back: the
integration, its OAuth client, the connection to our server, the bundle, its job specs, the webhooks, the
settings, and an event end to end. It may be repeated at any time: what is done stays.

Zendesk takes a bundle from an API token or from an administrator's browser, not from OAuth: then the command
shows the app's address and waits until an administrator has pressed Install there.

${INSTALL_OPTIONS_HELP}
${INSTALL_EXIT_HELP}`,
  async run(args, io) {
    const asked = readInstallArguments(args);
    return withAccount(io, asked.parsed, (account) =>
      installOrPlan(io, account, { ...asked, command: "install" }, (result) =>
        reportInstallation(io, asked.parsed, result),
      ),
    );
  },
};

interface InstallArguments extends Pick<InstallationOptions, "app" | "steps" | "timeoutSeconds"> {
  readonly parsed: Arguments;
}

/** Also those of an upgrade. Throws a Misuse. */
export function readInstallArguments(args: readonly string[]): InstallArguments {
  const parsed = readArguments(args, INSTALL_OPTIONS);
  requirePositionals(parsed);
  return {
    parsed,
    timeoutSeconds: timeoutOf(parsed),
    app: appOptions(parsed),
    steps: stepsOf(parsed),
  };
}

/** Tells what would be done where a dry run was asked for, else does it and has it reported. Throws a Misuse without a server token. */
export async function installOrPlan(
  io: Io,
  account: OpenAccount,
  { parsed, ...options }: InstallArguments & Pick<InstallationOptions, "command">,
  report: (result: InstallationResult) => number,
): Promise<number> {
  if (parsed.flag("dry-run")) {
    return reportPlan(io, parsed, await planInstallation(io, account, options.app, options.steps));
  }
  if (account.context.serverToken === undefined) {
    throw new Misuse(`the server's token is missing. ${SERVER_REMEDY}`);
  }
  return report(await runInstallation(io, account, { ...options, tell: io.err }));
}

function timeoutOf(parsed: Arguments): number {
  return wholeNumber("--timeout", parsed.value("timeout") ?? DEFAULT_TIMEOUT, 0, 3_600);
}

/** All steps, or those of --only in the order in which they are done. Throws a Misuse naming one that is none. */
function stepsOf(parsed: Arguments): readonly StepName[] {
  const only = parsed.value("only")?.split(",");
  const unknown = only?.find((name) => !(STEP_NAMES as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new Misuse(`--only: there is no step ${unknown}; there are ${STEP_NAMES.join(", ")}`);
  }
  return only === undefined ? STEP_NAMES : STEP_NAMES.filter((name) => only.includes(name));
}

function appOptions(parsed: Arguments): AppOptions | null {
  if (parsed.flag("skip-app") || parsed.value("only") !== undefined) return null;
  return { directory: parsed.value("app") ?? "dist/app", zcli: parsed.value("zcli") };
}

function reportPlan(io: Io, parsed: Arguments, plan: InstallationPlan): number {
  io.progress.done();
  if (parsed.flag("json")) {
    io.out(`${JSON.stringify({ dry_run: true, ...plan })}\n`);
    return EXIT.ok;
  }
  const style = createStyle(io.colour);
  if (plan.app) {
    const { action, directory } = plan.app;
    const isKept = action === "keep";
    const text = isKept ? "unchanged, it stays" : `zcli apps:${action} ${directory}`;
    io.out(`${markedLine(style, isKept ? "ok" : "planned", "app", text, null)}\n`);
  }
  for (const step of plan.steps) io.out(`${planLine(io, step)}\n`);
  return EXIT.ok;
}

export function reportInstallation(
  io: Io,
  parsed: Arguments,
  result: InstallationResult,
  more: Readonly<Record<string, unknown>> = {},
): number {
  io.progress.done();
  if (parsed.flag("json")) {
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
