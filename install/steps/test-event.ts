/**
 * Step 9: one event goes the whole way. Our server posts a settings_sync event to its inbound webhook; ZIS finds the job
 * spec and starts the flow; the flow loads the Config, opens the connection and calls our server; the server answers and
 * records it. What comes back is that record.
 *
 * Proven: the server's credential for the webhook, job spec, flow, Config, connection, its token, the server's address as
 * Zendesk sees it, and the record. It changes nothing. Not proven: that Zendesk sends ticket events (the job specs of
 * those events are installed in the same way, which `job_specs` reads back), the login at Salesforce, and that our server
 * may read and write tickets: the server's health tells those.
 */
import { ADMIN_PATHS, type LogEntry, type LogReply } from "#contract/admin";
import { ask } from "../ask.ts";
import type { Step, StepContext } from "../context.ts";
import { askForSync } from "../settings-edit.ts";
import { runSteps } from "../step-remedies.ts";

const OPERATION = "apply-settings";
const WAIT_MS = 30_000;
const BETWEEN_LOOKS_MS = 500;

async function entriesOf({ callServer }: StepContext): Promise<readonly LogEntry[]> {
  const { body } = await ask(
    callServer,
    { method: "GET", path: ADMIN_PATHS.log },
    "read the server's log",
  );
  const { entries } = body as LogReply;
  return entries.filter(({ operation }) => operation === OPERATION);
}

export const testEventStep: Step = {
  async run(context) {
    const before = new Set((await entriesOf(context)).map(({ id }) => id));
    const eventId = await askForSync(context);
    for (let waited = 0; waited <= WAIT_MS; waited += BETWEEN_LOOKS_MS) {
      const entry = (await entriesOf(context)).find(
        ({ id, event_key }) =>
          !before.has(id) && (eventId === null || (event_key ?? "").includes(eventId)),
      );
      if (entry) return told(entry);
      await context.sleep(BETWEEN_LOOKS_MS);
    }
    return {
      outcome: "failed",
      message: `The event was accepted by Zendesk, but its flow did not reach the server within ${WAIT_MS / 1000} seconds.`,
      remedy: `${runSteps("connections", "job_specs")} The run's error is in Admin Center, Apps and integrations, Integrations, Logs; the server must be reachable from the internet.`,
    };
  },

  /** The newest event of this kind that the server answered. */
  async check(context) {
    const [entry] = await entriesOf(context);
    if (entry) return { ...told(entry), outcome: entry.failed ? "failed" : "already" };
    const message = "No event has come the whole way yet.";
    return { outcome: "waiting", message, remedy: runSteps("test_event") };
  },
};

function told(entry: LogEntry) {
  const { outcome, failed, at, duration_ms, message, cure } = entry;
  const answer = `the server answered "${outcome}" at ${at} in ${Math.round(duration_ms)} ms`;
  return {
    outcome: failed ? "failed" : "done",
    message: failed
      ? `The event came the whole way, but ${answer}: ${message ?? "no more is known"}.`
      : `The event came the whole way: webhook, job spec, flow, connection; ${answer}.`,
    remedy: failed ? (cure ?? "See the page Log.") : null,
    facts: { entry },
  } as const;
}
