/** An installation from the command line: the app through zcli, then every step; the one that Zendesk refuses is left to an administrator. */
import type { StepResult } from "#install/context";
import type { StepName } from "#install/step-names";
import { checkStep, runStep } from "#install/steps";
import type { OpenAccount } from "./account.ts";
import { appPage, type AppResult, installApp } from "./zendesk-app/install-app.ts";
import { type AppOptions, type AppPlan, planApp } from "./zendesk-app/prepare-app.ts";
import { EXIT, type Io } from "./command.ts";
import { Interrupted } from "#zis/terminal/interrupt";
import { checkSteps, runSteps, TITLES } from "./steps-report.ts";

export interface InstallationOptions {
  /** What to run again after it was stopped. */
  readonly command: "install" | "upgrade";
  /** Null: the app is left as it is. */
  readonly app: AppOptions | null;
  readonly steps: readonly StepName[];
  /** How long to wait for an administrator. */
  readonly timeoutSeconds: number;
  /** Shows where the app's page is. */
  readonly say: (text: string) => void;
}

export interface InstallationResult {
  readonly outcome: "installed" | "failed" | "waiting";
  readonly app: AppResult | null;
  readonly steps: readonly StepResult[];
}

export interface InstallationPlan {
  readonly app: AppPlan | null;
  readonly steps: readonly StepResult[];
}

const POLL_MS = 3_000;
/** How often an unfinished step is checked again. */
const MAX_REPEATS = 10;

export async function planInstallation(
  io: Io,
  account: OpenAccount,
  app: AppOptions | null,
  names: readonly StepName[],
): Promise<InstallationPlan> {
  return {
    app: app === null ? null : await planApp(io, account, app),
    steps: await checkSteps(account.context, io, names),
  };
}

/** Every step may be repeated: what is already done is read back and left alone. */
export async function runInstallation(
  io: Io,
  account: OpenAccount,
  options: InstallationOptions,
): Promise<InstallationResult> {
  const { command, app: appOptions, steps: names } = options;
  const all = [...(appOptions === null ? [] : ["app"]), ...names.map((step) => TITLES[step])];
  const app =
    appOptions === null
      ? null
      : await putApp(io, account, appOptions, () => stopped(command, all, []));
  const steps = await runSteps(account.context, io, names, async (result) => {
    if (isForTheApp(result)) return waitForTheApp(io, account, result, options);
    return result.outcome === "waiting" ? repeat(io, account, result) : result;
  });
  if (io.stop.aborted)
    throw stopped(command, all, [
      ...(app === null ? [] : ["app"]),
      ...steps.map(({ step }) => TITLES[step]),
    ]);
  const last = steps.at(-1)?.outcome;
  const outcome = last === "failed" || last === "waiting" ? last : "installed";
  return { outcome, app, steps };
}

/** The app. If a signal stopped it, the error says so. */
async function putApp(
  io: Io,
  account: OpenAccount,
  options: AppOptions,
  whyStopped: () => Interrupted,
): Promise<AppResult> {
  try {
    return await installApp(io, account, options);
  } catch (error) {
    throw io.stop.aborted ? whyStopped() : error;
  }
}

/** Pure. What is half done after a signal, and what to run. */
export function stopped(
  command: InstallationOptions["command"],
  all: readonly string[],
  did: readonly string[],
): Interrupted {
  const [current, ...later] = all.slice(did.length);
  const parts = [
    `Done: ${did.join(", ") || "nothing"}.`,
    ...(current === undefined ? [] : [`Perhaps half done: ${current}.`]),
    ...(later.length === 0 ? [] : [`Not begun: ${later.join(", ")}.`]),
    ...(did.includes(TITLES.job_specs) || !all.includes(TITLES.job_specs)
      ? []
      : ["Until the job specs are installed, events may start no flow."]),
  ];
  const remedy = `${parts.join(" ")}\n    Run caseqa ${command} again: what is done stays, and it goes on from there.`;
  return new Interrupted(`the ${command} was stopped`, remedy);
}

export function exitCodeOf({ outcome }: InstallationResult): number {
  if (outcome === "installed") return EXIT.ok;
  return outcome === "waiting" ? EXIT.waiting : EXIT.failed;
}

/** Zendesk accepts a bundle with an API token or from a browser session, but not with an OAuth token (seen on live accounts, July 2026). */
function isForTheApp({ step, outcome, message }: StepResult): boolean {
  return step === "bundle" && outcome === "failed" && /OAuth being disabled/i.test(message);
}

/** Sends the administrator to the app's page, and checks until the registry has the bundle. */
async function waitForTheApp(
  io: Io,
  { context, zendesk }: OpenAccount,
  refused: StepResult,
  { timeoutSeconds, say }: InstallationOptions,
): Promise<StepResult> {
  const page = appPage(zendesk.origin);
  const waiting: StepResult = {
    ...refused,
    outcome: "waiting",
    message:
      "Zendesk accepts the bundle only from an administrator's browser, not with this credential.",
    remedy: `Open ${page} as an administrator and press Install, then run the command again.`,
  };
  if (timeoutSeconds === 0) return waiting;
  io.progress.done();
  say(
    `Zendesk accepts the bundle only from an administrator's browser. Open ${page} and press Install; ` +
      `waiting up to ${timeoutSeconds} seconds.\n`,
  );
  const endMs = io.now().getTime() + timeoutSeconds * 1_000;
  while (io.now().getTime() < endMs) {
    io.progress.show(`waiting for the app: ${page}`);
    await io.sleep(POLL_MS);
    const result = await checkStep("bundle", context);
    if (result.outcome === "already" || result.outcome === "done") return result;
  }
  return waiting;
}

async function repeat(io: Io, { context }: OpenAccount, first: StepResult): Promise<StepResult> {
  let result = first;
  for (let times = 0; times < MAX_REPEATS && result.outcome === "waiting"; times++) {
    io.progress.show(result.message);
    await io.sleep(POLL_MS);
    result = await runStep(first.step, context);
  }
  return result;
}
