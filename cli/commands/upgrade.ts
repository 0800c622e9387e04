/** `caseqa upgrade`: brings an installed account to this build. */
import { STATE_TEXTS } from "#install/judge-state";
import { readState } from "#install/state";
import { withAccount } from "../account.ts";
import { type Command, Refused } from "../command.ts";
import {
  declareInstallation,
  type InstallOptions,
  installOrPlan,
  reportInstallation,
} from "./install.ts";

export const upgradeCommand: Command<InstallOptions> = {
  name: "upgrade",
  declare: (command) =>
    declareInstallation(
      command.summary("upgrade an installed account to this build, and catch up on what was missed")
        .description(`Updates the app, uploads this build's bundle, installs its job specs again (every upload orphans them),
removes those of the old bundle, and asks for a sweep of the tickets that changed in the meantime. Settings stay.
caseqa rollback brings back the previous bundle.`),
    ),
  async run(io, _words, options) {
    return withAccount(io, options, async (account) => {
      io.progress.show("reading what is installed");
      const { state, found, wantedHash, problems } = await readState(account.context);
      if (state === "unreadable") {
        const [cause] = problems;
        throw new Refused(cause?.what ?? STATE_TEXTS[state], cause?.remedy ?? "Try again.");
      }
      if (state === "not_installed") {
        throw new Refused("nothing is installed in this account", "Run caseqa install.");
      }
      return installOrPlan(io, account, "upgrade", options, (result) => {
        const hashes = { from: found?.hash ?? null, to: wantedHash };
        const code = reportInstallation(io, result, options.json, hashes);
        if (!options.json) {
          const step = result.steps.find((one) => one.step === "bundle");
          const same = hashes.from === hashes.to;
          const kept = step === undefined || step.outcome === "already";
          if (same && kept) io.out("The bundle already was this build's.\n");
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
