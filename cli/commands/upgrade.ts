/** `caseqa upgrade`: brings an installed account to this build. */
import { readState } from "../../install/state.ts";
import { withAccount } from "../account.ts";
import { readArguments, requirePositionals } from "../arguments.ts";
import { type Command, Misuse, Refused } from "../command.ts";
import { planInstallation, runInstallation } from "../installation.ts";
import { SERVER_CURE } from "../server-login.ts";
import {
  appOptions,
  INSTALL_EXIT_HELP,
  INSTALL_OPTIONS,
  INSTALL_OPTIONS_HELP,
  reportInstallation,
  reportPlan,
  stepsOf,
  timeoutOf,
} from "./install.ts";

export const upgradeCommand: Command = {
  name: "upgrade",
  summary: "bring an installed account to this build, and catch up what came meanwhile",
  help: `Usage: caseqa upgrade [options]

Updates the app, uploads this build's bundle, installs its job specs again (every upload orphans them), removes
those of the old bundle, and asks for a catch-up of the tickets that changed meanwhile. Settings stay.
caseqa rollback brings the bundle before back.

${INSTALL_OPTIONS_HELP}
${INSTALL_EXIT_HELP}`,
  async run(args, io) {
    const parsed = readArguments(args, INSTALL_OPTIONS);
    requirePositionals(parsed);
    const timeoutSeconds = timeoutOf(parsed);
    const app = appOptions(parsed);
    const steps = stepsOf(parsed);
    return withAccount(io, parsed, async (account) => {
      io.progress.show("reading what is installed");
      const { state, found, wantedHash } = await readState(account.context);
      if (state === "not_installed") {
        throw new Refused("nothing is installed in this account", "Run caseqa install.");
      }
      if (parsed.flag("dry-run")) {
        return reportPlan(io, parsed, await planInstallation(io, account, app, steps));
      }
      if (account.context.serverToken === undefined) {
        throw new Misuse(`the server's token is missing. ${SERVER_CURE}`);
      }
      const result = await runInstallation(io, account, {
        app,
        steps,
        timeoutSeconds,
        tell: io.err,
      });
      const hashes = { from: found?.hash ?? null, to: wantedHash };
      const code = reportInstallation(io, parsed, result, hashes);
      if (!parsed.flag("json")) {
        const same = hashes.from === hashes.to;
        io.out(same ? "The bundle was this build's already.\n" : changed(hashes));
      }
      return code;
    });
  },
};

function changed({ from, to }: { readonly from: string | null; readonly to: string }): string {
  return `From ${from?.slice(0, 12) ?? "nothing"} to ${to.slice(0, 12)}.\n`;
}
