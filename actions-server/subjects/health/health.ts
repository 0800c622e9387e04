/** Whether everything that the server needs works, and what to do where it does not. */
import type { FlowContact } from "#contract/routes/flow-watch";
import type { Health, HealthCheck } from "#contract/routes/health";
import type { Deadline } from "#platform/deadline";
import type { Check } from "#platform/health/check";
import { toFailedCheck } from "#platform/health/remedies";
import type { QueueDepth } from "#platform/jobs/queue";

export interface HealthDeps {
  readonly version: string;
  readonly now: () => Date;
  readonly checks: readonly Check[];
  readonly settingsRevision: (account: string) => Promise<number | null>;
  readonly lag: (account: string) => Promise<Health["lag"]>;
  readonly queues: () => Promise<readonly QueueDepth[]>;
  readonly budget: () => Promise<Health["budget"]>;
  readonly lastSweep: (account: string) => Promise<Health["last_sweep"]>;
  readonly owedTickets: (account: string) => Promise<number>;
  readonly flows: (account: string) => Promise<FlowContact>;
}

async function runCheck(
  { name, run }: Check,
  deadline: Deadline,
  account: string,
): Promise<HealthCheck> {
  try {
    const { state, message, remedy } = await run(deadline, account);
    return { name, state, message, cure: remedy ?? null };
  } catch (error) {
    return toFailedCheck(name, error);
  }
}

/** If a part cannot be read, its own check reports that, and the other parts are still shown. */
async function orElse<T>(read: Promise<T>, otherwise: T): Promise<T> {
  return read.catch(() => otherwise);
}

export async function readHealth(
  deps: HealthDeps,
  account: string,
  deadline: Deadline,
): Promise<Health> {
  const checks = await Promise.all(deps.checks.map((check) => runCheck(check, deadline, account)));
  // Read after the checks, because their calls show what is left of the remote systems' limits.
  const [settings_revision, lag, queues, budget, last_sweep, owed_tickets, flows] =
    await Promise.all([
      orElse(deps.settingsRevision(account), null),
      orElse(deps.lag(account), null),
      orElse(deps.queues(), []),
      orElse(deps.budget(), []),
      orElse(deps.lastSweep(account), null),
      orElse(deps.owedTickets(account), null),
      orElse(deps.flows(account), null),
    ]);
  return {
    version: deps.version,
    now: deps.now().toISOString(),
    checks,
    settings_revision,
    lag,
    queues: queues.map(({ queue, open, dead, oldestSeconds }) => ({
      queue,
      open,
      dead,
      oldest_seconds: oldestSeconds,
    })),
    budget,
    last_sweep,
    owed_tickets,
    flows: flows && {
      last_event_at: flows.last_event_at,
      last_test_event: flows.last_test_event,
      refused: flows.refused,
      paused: flows.paused,
    },
  };
}
