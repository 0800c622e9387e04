/**
 * Step 9: a test event makes the whole round trip. Our server posts a settings_sync event to its inbound webhook; ZIS finds
 * the job spec and starts the flow; the flow loads the Config, uses the connection and calls our server; the server answers
 * and records it. This step waits for that record.
 *
 * Proven: the server's credential for the webhook, job spec, flow, Config, connection, its token, and the server's address
 * as Zendesk sees it. Nothing is changed. Not proven: that Zendesk sends ticket events (their job specs are installed in the
 * same way, which `job_specs` reads back), the login to Salesforce, and that our server may read and write tickets; the
 * server's health shows those.
 */
import type { LogEntry } from "#contract/routes/action-log";
import { askServer } from "../ask-server.ts";
import type { Step, StepContext } from "../context.ts";
import { askForSync } from "../settings-edit.ts";
import { runSteps } from "../step-remedies.ts";

const OPERATION = "apply-settings";
const WAIT_MS = 30_000;
const BETWEEN_LOOKS_MS = 500;

async function entriesOf({ callServer }: StepContext): Promise<readonly LogEntry[]> {
  const { entries } = await askServer(callServer, "read the server's log", { route: "log" });
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
      if (entry) return findingOf(entry);
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
    if (entry) return { ...findingOf(entry), outcome: entry.failed ? "failed" : "already" };
    const message = "No test event has arrived yet.";
    return { outcome: "waiting", message, remedy: runSteps("test_event") };
  },
};

function findingOf(entry: LogEntry) {
  const { outcome, failed, at, duration_ms, message, cure } = entry;
  const answer = `the server answered "${outcome}" at ${at} in ${Math.round(duration_ms)} ms`;
  return {
    outcome: failed ? "failed" : "done",
    message: failed
      ? `The event arrived, but ${answer}: ${message ?? "nothing more is known"}.`
      : `The event arrived: webhook, job spec, flow, connection; ${answer}.`,
    remedy: failed ? (cure ?? "See the page Log.") : null,
    facts: { entry },
  } as const;
}
