/** `caseqa upgrade`: brings an installed account to this build. */
import { STATE_TEXTS } from "#install/judge-state";
import { readState } from "#install/state";
import { withAccount } from "../account.ts";
import { type Command, Refused } from "../command.ts";
import {
  INSTALL_EXIT_HELP,
  INSTALL_OPTIONS_HELP,
  installOrPlan,
  readInstallArguments,
  reportInstallation,
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
    const asked = readInstallArguments(args);
    const { parsed } = asked;
    return withAccount(io, parsed, async (account) => {
      io.progress.show("reading what is installed");
      const { state, found, wantedHash, problems } = await readState(account.context);
      if (state === "unreadable") {
        const [cause] = problems;
        throw new Refused(cause?.what ?? STATE_TEXTS[state], cause?.remedy ?? "Try again.");
      }
      if (state === "not_installed") {
        throw new Refused("nothing is installed in this account", "Run caseqa install.");
      }
      return installOrPlan(io, account, { ...asked, command: "upgrade" }, (result) => {
        const hashes = { from: found?.hash ?? null, to: wantedHash };
        const code = reportInstallation(io, parsed, result, hashes);
        if (!parsed.flag("json")) {
          const step = result.steps.find((one) => one.step === "bundle");
          const same = hashes.from === hashes.to;
          const kept = step === undefined || step.outcome === "already";
          if (same && kept) io.out("The bundle was this build's already.\n");
          else if (!same) io.out(changed(hashes));
        }
        return code;
      });
    });
  },
};

function changed({ from, to }: { readonly from: string | null; readonly to: string }): string {
  return `From ${from?.slice(0, 12) ?? "nothing"} to ${to.slice(0, 12)}.\n`;
}
