/** `caseqa test-event`: sends one event the whole way through Zendesk, and shows whether it came back. */
import { runStep } from "#install/steps";
import { ACCOUNT_FLAGS, ACCOUNT_HELP, withAccount } from "../account.ts";
import { readArguments, requirePositionals } from "../arguments.ts";
import { type Command, EXIT } from "../command.ts";
import { stepLine } from "../steps-report.ts";

export const testEventCommand: Command = {
  name: "test-event",
  summary: "send an event through Zendesk and show whether it reaches our server",
  help: `Usage: caseqa test-event [options]

Our server posts an event to its inbound webhook; Zendesk starts the flow, and the flow calls our server. Nothing
is changed. The server sends such an event by itself every hour: caseqa doctor and the page Health show the last.

${ACCOUNT_HELP}
Exit codes: 0 it came back, 1 it did not, 2 misuse.
`,
  async run(args, io) {
    const parsed = readArguments(args, { flags: ACCOUNT_FLAGS });
    requirePositionals(parsed);
    return withAccount(io, parsed, async ({ context }) => {
      io.progress.show("waiting for the event to come back");
      const result = await runStep("test_event", context);
      io.progress.done();
      const ok = result.outcome === "done";
      io.out(
        parsed.flag("json")
          ? `${JSON.stringify({ ok, ...result })}\n`
          : `${stepLine(io, result)}\n`,
      );
      return ok ? EXIT.ok : EXIT.failed;
    });
  },
};
