/** `caseqa disable` and `caseqa enable`: whether Zendesk starts our flows. */
import { onAccount, type AccountOptions, type DryRunOption } from "../options.ts";
import { disable, enable, type Removed } from "#install/disable";
import { readState } from "#install/state";
import { type OpenAccount, withAccount } from "../account.ts";
import { type Command, EXIT } from "../command.ts";
import { reportRemoved } from "../removed-report.ts";

export const disableCommand = switchCommand({
  name: "disable",
  summary: "stop all flows: uninstall the job specs",
  about: `Uninstalls every job spec, so Zendesk starts none of our flows. Bundle, connections, webhooks and settings
stay. caseqa enable brings them back and catches up.`,
  wouldTouch: ({ installed, extra }) => [...installed, ...extra],
  act: disable,
});

export const enableCommand = switchCommand({
  name: "enable",
  summary: "start the flows again: install the job specs, and catch up",
  about: `Installs the job specs of the account's bundle, and asks for a sweep of the tickets that
changed meanwhile.`,
  wouldTouch: ({ orphaned }) => orphaned,
  act: enable,
});

interface Switch {
  readonly name: "disable" | "enable";
  readonly summary: string;
  readonly about: string;
  readonly wouldTouch: (
    jobSpecs: Awaited<ReturnType<typeof readState>>["jobSpecs"],
  ) => readonly string[];
  readonly act: (context: OpenAccount["context"]) => Promise<Removed>;
}

function switchCommand({
  name,
  summary,
  about,
  wouldTouch,
  act,
}: Switch): Command<AccountOptions & DryRunOption> {
  return {
    name,
    declare: (command) =>
      onAccount(
        command
          .summary(summary)
          .description(about)
          .option("--dry-run", "show which job specs would change"),
      ),
    ifStopped: `Some job specs may have changed and others not. Run caseqa ${name} again.`,
    async run(io, _words, options) {
      const { dryRun, json } = options;
      return withAccount(io, options, async ({ context }) => {
        io.progress.show("reading what is installed");
        if (!dryRun) return reportRemoved(io, name, await act(context), json);
        const jobSpecs = wouldTouch((await readState(context)).jobSpecs);
        io.progress.done();
        const lines = jobSpecs.map((spec) => `→ would ${name} ${spec}\n`).join("");
        const text = lines === "" ? "Nothing to do.\n" : lines;
        const would = { dry_run: true, job_specs: jobSpecs };
        io.out(json ? `${JSON.stringify(would)}\n` : text);
        return EXIT.ok;
      });
    },
  };
}
