/** `caseqa test-event`: sends one event all the way through Zendesk, and shows whether it came back. */
import { onAccount, type AccountOptions } from "../options.ts";
import { runStep } from "#install/steps";
import { withAccount } from "../account.ts";
import { type Command, EXIT } from "../command.ts";
import { stepLine } from "../steps-report.ts";

export const testEventCommand: Command<AccountOptions> = {
  name: "test-event",
  declare: (command) =>
    onAccount(
      command.summary("send an event through Zendesk and show whether it reaches our server")
        .description(`Our server posts an event to its inbound webhook; Zendesk starts the flow, and the flow calls our server.
Nothing is changed. The server also sends such an event every hour; caseqa doctor and the page Health show
the last one.`),
      "0 it came back, 1 it did not, 2 wrong usage",
    ),
  async run(io, _words, options) {
    return withAccount(io, options, async ({ context }) => {
      io.progress.show("waiting for the event to come back");
      const result = await runStep("test_event", context);
      io.progress.done();
      const ok = result.outcome === "done";
      io.out(options.json ? `${JSON.stringify({ ok, ...result })}\n` : `${stepLine(io, result)}\n`);
      return ok ? EXIT.ok : EXIT.failed;
    });
  },
};
