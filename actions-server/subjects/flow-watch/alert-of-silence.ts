/** Alerts people once when an account's flows are expected to call and do not, and once when they call again. */
import type { Kysely } from "kysely";
import type { Database } from "#platform/db/schema";
import type { Log } from "#platform/log";
import { judgeFlows, judgeRefused, silentSince } from "./judge-flows.ts";
import type { Alert, Notify } from "./notify.ts";
import { readFlows, setAlerted, watchedAccounts, type WatchedFlows } from "./watch-store.ts";

interface AlertDeps {
  readonly db: Kysely<Database>;
  readonly notify: Notify;
  /** How long flows may be silent. */
  readonly afterMs: number;
  /** When this server started: calls missed while it was down do not count. */
  readonly startedAt: Date;
  readonly now: () => Date;
  readonly log: Log;
}

/** When an alert reached nobody, throws after handling all other accounts; the next run sends it again. */
export async function alertOfSilence(deps: AlertDeps): Promise<void> {
  const { db, notify, afterMs, startedAt, now, log } = deps;
  const failures: unknown[] = [];
  for (const account of await watchedAccounts(db)) {
    const flows = await readFlows(db, account);
    const expectedSince = flows.expectedSince && laterOf(flows.expectedSince, startedAt);
    const alert = alertFor(account, { ...flows, expectedSince }, now(), afterMs);
    if (!alert) continue;
    log.warn({ event: alert.event, account, since: alert.since }, alert.text);
    try {
      await notify(alert);
      await setAlerted(db, account, alert.event === "silent" ? now() : null);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

function laterOf(one: Date, other: Date): Date {
  return one > other ? one : other;
}

/** Pure. Undefined: there is nothing new to report. */
function alertFor(
  account: string,
  flows: WatchedFlows,
  now: Date,
  afterMs: number,
): Alert | undefined {
  const since = silentSince(flows, now, afterMs);
  if (since !== null && flows.alertedAt === null) {
    const refused = judgeRefused(flows, now);
    const said = judgeFlows(flows, now, afterMs);
    const words = [`CaseQA, account ${account}: ${said.message}`];
    if (refused.state !== "ok") words.push(refused.message);
    words.push(`What to do: ${(refused.state === "ok" ? said : refused).remedy ?? ""}`);
    return { event: "silent", account, since: since.toISOString(), text: words.join(" ") };
  }
  if (since === null && flows.alertedAt !== null && flows.lastCallAt !== null) {
    const at = flows.lastCallAt.toISOString();
    const text = `CaseQA, account ${account}: flows reach the server again, the last at ${at}.`;
    return { event: "heard_again", account, since: at, text };
  }
  return undefined;
}
