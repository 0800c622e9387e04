/** `caseqa disable` and `caseqa enable`: whether Zendesk starts our flows. */
import { disable, enable, type Removed } from "#install/disable";
import { readState } from "#install/state";
import { ACCOUNT_FLAGS, ACCOUNT_HELP, type OpenAccount, withAccount } from "../account.ts";
import { readArguments, requirePositionals } from "../arguments.ts";
import { type Command, EXIT, EXIT_HELP } from "../command.ts";
import { reportRemoved } from "../removed-report.ts";

export const disableCommand = switchCommand({
  name: "disable",
  summary: "stop all flows: uninstall the job specs",
  about: `Uninstalls every job spec: Zendesk then starts nothing of ours. Bundle, connections, webhooks and settings
stay. caseqa enable brings them back and catches up.`,
  wouldTouch: ({ installed, extra }) => [...installed, ...extra],
  act: disable,
});

export const enableCommand = switchCommand({
  name: "enable",
  summary: "start the flows again: install the job specs, and catch up",
  about: `Installs the job specs of the bundle that the account has, and asks for a catch-up of the tickets that
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

function switchCommand({ name, summary, about, wouldTouch, act }: Switch): Command {
  return {
    name,
    summary,
    help: `Usage: caseqa ${name} [options]

${about}

  --dry-run       show which job specs it would be
${ACCOUNT_HELP}
${EXIT_HELP}`,
    ifStopped: `Some job specs may be done and others not. Run caseqa ${name} again.`,
    async run(args, io) {
      const parsed = readArguments(args, { flags: [...ACCOUNT_FLAGS, "dry-run"] });
      requirePositionals(parsed);
      return withAccount(io, parsed, async ({ context }) => {
        io.progress.show("reading what is installed");
        if (!parsed.flag("dry-run")) {
          return reportRemoved(io, name, await act(context), parsed.flag("json"));
        }
        const jobSpecs = wouldTouch((await readState(context)).jobSpecs);
        io.progress.done();
        const lines = jobSpecs.map((spec) => `→ would ${name} ${spec}\n`).join("");
        const text = lines === "" ? "Nothing to do.\n" : lines;
        const would = { dry_run: true, job_specs: jobSpecs };
        io.out(parsed.flag("json") ? `${JSON.stringify(would)}\n` : text);
        return EXIT.ok;
      });
    },
  };
}
