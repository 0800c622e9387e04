/** `caseqa doctor`: everything that can be wrong, each with its cure. */
import { resolve } from "node:path";
import { type InstallState, readState } from "../../install/state.ts";
import { ACCOUNT_FLAGS, ACCOUNT_HELP, type OpenAccount, withAccount } from "../account.ts";
import { findZcli } from "../zendesk-app/zcli.ts";
import { readArguments, requirePositionals } from "../arguments.ts";
import { type Command, EXIT, type Io } from "../command.ts";
import { checkApp } from "../doctor/app.ts";
import { attempt, type Check, type CheckName, failed, ok, warning } from "../doctor/check.ts";
import { checkLogin, checkPlan, judgeKind } from "../doctor/credential.ts";
import { checkServer, checkZendeskClock, judgeAddress } from "../doctor/server.ts";
import { SERVER_CURE } from "../server-login.ts";
import { counted, createStyle, markedLine } from "../style.ts";

const NETWORK_CURE = "Look at the network, proxy and certificates between this machine and there.";

export const doctorCommand: Command = {
  name: "doctor",
  summary: "tell everything that is wrong, each with its cure",
  help: `Usage: caseqa doctor [options]

Looks at the credential and its end date, scopes, role, plan, clocks, the integration and its parts, the app,
our server, and by the server's own checks at Salesforce, the database and the queues. Changes nothing.

  --app DIR       the built app to compare versions with (default: dist/app)
  --zcli FILE     the zcli to look for (default: the one on PATH)
${ACCOUNT_HELP}
Exit codes: 0 nothing failed (warnings may be there), 1 something failed, 2 misuse.
`,
  async run(args, io) {
    const parsed = readArguments(args, { values: ["app", "zcli"], flags: ACCOUNT_FLAGS });
    requirePositionals(parsed);
    const directory = resolve(io.cwd, parsed.value("app") ?? "dist/app");
    return withAccount(io, parsed, async (account) => {
      const checks = await examine(io, account, directory, parsed.value("zcli"));
      io.progress.done();
      const bad = checks.filter(({ state }) => state === "failed").length;
      if (parsed.flag("json")) {
        io.out(`${JSON.stringify({ ok: bad === 0, checks })}\n`);
      } else {
        const style = createStyle(io.colour);
        const width = Math.max(...checks.map(({ name }) => name.length));
        const lines = checks.map(({ state, name, message, cure }) =>
          markedLine(style, state, name, message, cure, width),
        );
        io.out(lines.join("\n"));
        const warned = checks.filter(({ state }) => state === "warning").length;
        io.out(`\n\n${bad} failed, ${counted(warned, "warning")}, ${checks.length} checks\n`);
      }
      return bad === 0 ? EXIT.ok : EXIT.failed;
    });
  },
};

/** All checks, in the order in which to mend; one that cannot look does not stop the others. */
async function examine(
  io: Io,
  account: OpenAccount,
  directory: string,
  zcli: string | undefined,
): Promise<readonly Check[]> {
  const { context, zendesk } = account;
  const { now } = io;
  const groups: readonly (readonly [CheckName, string, () => Promise<readonly Check[]>])[] = [
    ["zcli", NETWORK_CURE, () => checkZcli(io, zcli)],
    ["credential", NETWORK_CURE, async () => [judgeKind(zendesk.kind, now())]],
    ["zendesk_login", NETWORK_CURE, () => checkLogin(zendesk, now())],
    ["clock: Zendesk", NETWORK_CURE, () => checkZendeskClock(zendesk.origin, now)],
    ["plan", NETWORK_CURE, () => checkPlan(context.callZendesk, context.integration)],
    ["app", NETWORK_CURE, () => checkApp(account, directory)],
    ["server_address", NETWORK_CURE, async () => [judgeAddress(context.serverUrl)]],
    ["server", serverCure(context), () => checkServer(context.callServer, context.serverUrl, now)],
    ["installation", NETWORK_CURE, async () => judgeState(await readState(context))],
  ];
  const checks: Check[] = [];
  for (const [name, cure, look] of groups) {
    io.progress.show(`looking: ${name}`);
    checks.push(...(await attempt(name, cure, look)));
  }
  return checks;
}

function serverCure({ serverToken }: OpenAccount["context"]): string {
  if (serverToken === undefined) return SERVER_CURE;
  return "Start the server, and look whether its address is right (caseqa.json, CASEQA_SERVER_URL).";
}

async function checkZcli(io: Io, named: string | undefined): Promise<readonly Check[]> {
  try {
    return [ok("zcli", await findZcli(named, io))];
  } catch (error) {
    const { message } = error as Error;
    return [warning("zcli", message, "It is wanted only to install or update the app.")];
  }
}

/** Pure: webhooks, orphaned job specs, connections and settings, as the state tells them. */
function judgeState(state: InstallState): readonly Check[] {
  const problems = state.problems.map(({ what, cure }) => failed("installation", what, cure));
  if (problems.length > 0) return problems;
  if (state.state === "in_sync") {
    const { installed } = state.jobSpecs;
    return [ok("installation", `in sync, ${counted(installed.length, "job spec")} installed`)];
  }
  const cures = {
    not_installed: "Run caseqa install.",
    changed: "caseqa diff tells what differs; caseqa upgrade uploads this build.",
    other_version: "Run caseqa upgrade.",
    disabled: "Run caseqa enable.",
  } as const;
  const bad = state.state === "not_installed" ? failed : warning;
  return [bad("installation", state.state.replaceAll("_", " "), cures[state.state])];
}
