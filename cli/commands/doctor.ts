/** `caseqa doctor`: everything that can be wrong, causes first, each with its remedy. */
import { onAccount, type AccountOptions } from "../options.ts";
import { resolve } from "node:path";
import { levelOf, STATE_TEXTS } from "#install/judge-state";
import { type InstallState, readState } from "#install/state";
import { ENABLE_REMEDY, INSTALL_REMEDY } from "#install/step-remedies";
import { type OpenAccount, withAccount } from "../account.ts";
import { findZcli } from "../zendesk-app/zcli.ts";
import { type Command, EXIT, type Io } from "../command.ts";
import { checkApp } from "../doctor/app.ts";
import { groupByCause, type GroupedCheck } from "../doctor/causes.ts";
import { attempt, type Check, type CheckName, failed, ok, warning } from "../doctor/check.ts";
import { checkLogin, checkPlan, judgeKind } from "../doctor/credential.ts";
import { checkServer, checkZendeskClock, judgeAddress } from "../doctor/server.ts";
import { SERVER_REMEDY } from "../server-login.ts";
import { markedLine } from "../marked-line.ts";
import { counted, createStyle } from "#zis/terminal/style";

const NETWORK_REMEDY =
  "Check the network, the proxy and the certificates between this machine and there.";
const ZCLI_REMEDY =
  "It is needed only to install or update the app: npm install --global @zendesk/zcli, or name it with --zcli FILE.";

interface DoctorOptions extends AccountOptions {
  readonly app: string;
  readonly zcli?: string;
}

export const doctorCommand: Command<DoctorOptions> = {
  name: "doctor",
  declare: (command) =>
    onAccount(
      command
        .summary("show everything that is wrong, causes first, each with its remedy")
        .description(`Checks the credential and its end date, scopes, role, plan, clocks, the integration and its parts, the app
and our server, and through the server Salesforce, the database and the queues. A check that fails only because
another one did is listed below that one and not counted. Changes nothing.`)
        .option("--app <DIR>", "the built app, to compare versions", "dist/app")
        .option("--zcli <FILE>", "the zcli to look for (default: the one on PATH)"),
      "0 nothing failed (there may be warnings), 1 something failed, 2 wrong usage",
    ),
  async run(io, _words, options) {
    const { app, zcli, json } = options;
    const directory = resolve(io.cwd, app);
    return withAccount(io, options, async (account) => {
      const checks = groupByCause(await examine(io, account, directory, zcli));
      io.progress.done();
      const ok = checks.every(({ state }) => state !== "failed");
      io.out(json ? `${JSON.stringify({ ok, checks })}\n` : report(io, checks));
      return ok ? EXIT.ok : EXIT.failed;
    });
  },
};

function report(io: Io, checks: readonly GroupedCheck[]): string {
  const style = createStyle(io.colour);
  const width = Math.max(...checks.map(({ name }) => name.length));
  const own = checks.filter(({ because }) => because === null);
  const lines = own.map(({ state, name, message, remedy }) => {
    const line = markedLine(style, state, name, message, remedy, width);
    const following = checks.filter(({ because }) => because === name);
    const names = [...new Set(following.map((each) => each.name))].join(", ");
    return names === "" ? line : `${line}\n    ${style("dim", `Follows from this: ${names}.`)}`;
  });
  const bad = own.filter(({ state }) => state === "failed").length;
  const warned = own.filter(({ state }) => state === "warning").length;
  const more = checks.length - own.length;
  const follow =
    more === 0 ? "" : `, ${more} more that ${more === 1 ? "follows" : "follow"} from these`;
  return `${lines.join("\n")}\n\n${bad} failed, ${counted(warned, "warning")}${follow}, ${checks.length} checks\n`;
}

type Group = readonly [name: CheckName, remedy: string, look: () => Promise<readonly Check[]>];

/** All checks, in the order in which to fix them; one that cannot be made does not stop the others. */
async function examine(
  io: Io,
  account: OpenAccount,
  directory: string,
  zcli: string | undefined,
): Promise<readonly Check[]> {
  const { context, zendesk, serverUrlFrom } = account;
  const { now } = io;
  const groups: readonly Group[] = [
    ["zcli", NETWORK_REMEDY, () => checkZcli(io, zcli)],
    ["credential", NETWORK_REMEDY, async () => [judgeKind(zendesk.kind, now())]],
    ["zendesk_login", NETWORK_REMEDY, () => checkLogin(zendesk, now())],
    ["clock: Zendesk", NETWORK_REMEDY, () => checkZendeskClock(zendesk.origin, now)],
    ["plan", NETWORK_REMEDY, () => checkPlan(context.callZendesk, context.integration)],
    ["app", NETWORK_REMEDY, () => checkApp(account, directory)],
    [
      "server_address",
      NETWORK_REMEDY,
      async () => [judgeAddress(context.serverUrl, serverUrlFrom)],
    ],
    [
      "server",
      serverRemedy(context),
      () => checkServer(context.callServer, context.serverUrl, now),
    ],
  ];
  const checks: Check[] = [];
  const make = async ([name, remedy, look]: Group) => {
    io.progress.show(`looking: ${name}`);
    checks.push(...(await attempt(name, remedy, look)));
  };
  for (const group of groups) await make(group);
  // When the server does not answer, that is one failure, and not another one of the installation.
  const isAway = checks.some(({ name, state }) => name === "server" && state === "failed");
  await make([
    "installation",
    NETWORK_REMEDY,
    async () => judgeState(await readState(context), isAway),
  ]);
  return checks;
}

function serverRemedy({ serverToken }: OpenAccount["context"]): string {
  if (serverToken === undefined) return SERVER_REMEDY;
  return "Start the server, and check that its address in caseqa.json is right (caseqa init --force).";
}

async function checkZcli(io: Io, named: string | undefined): Promise<readonly Check[]> {
  try {
    return [ok("zcli", await findZcli(named, io))];
  } catch (error) {
    const { message } = error as Error;
    return [warning("zcli", message, ZCLI_REMEDY)];
  }
}

/**
 * Pure: webhooks, orphaned job specs, connections and settings, from the state. What the server reports about flows has its
 * own checks.
 *
 * @param isServerAway whether the check of the server has failed already
 */
function judgeState(state: InstallState, isServerAway: boolean): readonly Check[] {
  const problems = state.problems.filter(
    ({ about }) => about !== "flows" && !(isServerAway && about === "server"),
  );
  const found = problems.map(({ what, remedy, severity }) =>
    (severity === undefined ? failed : warning)("installation", what, remedy),
  );
  if (state.state === "in_sync") {
    const { installed } = state.jobSpecs;
    const text = `in sync, ${counted(installed.length, "job spec")} installed`;
    return [...(problems.some(isFault) ? [] : [ok("installation", text)]), ...found];
  }
  if (found.length > 0) return found;
  const remedies = {
    unreadable: NETWORK_REMEDY,
    not_installed: INSTALL_REMEDY,
    unfinished: INSTALL_REMEDY,
    changed: "caseqa diff shows what differs; caseqa upgrade uploads this build.",
    other_version: "Run caseqa upgrade.",
    disabled: ENABLE_REMEDY,
  } as const;
  const bad = levelOf(state) === "failed" ? failed : warning;
  return [bad("installation", STATE_TEXTS[state.state], remedies[state.state])];
}

function isFault({ severity }: InstallState["problems"][number]): boolean {
  return severity !== "note";
}
