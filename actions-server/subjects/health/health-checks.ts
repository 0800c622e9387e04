/** The checks of the server's health: each makes real calls, as the server's work does. */
import type { Deadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import type { QueueDepth } from "#platform/jobs/queue";
import type { Redis } from "#platform/redis/connection";
import type { CaseFinder } from "#remotes/salesforce/case-finder";
import type { RecentTickets } from "#remotes/zendesk/recent-tickets";
import type { Check, CheckResult } from "#platform/health/check";
import { remedyOf, type CheckName } from "#platform/health/remedies";

export interface HealthCheckDeps {
  readonly pingDatabase: () => Promise<void>;
  /** Undefined: the server runs without Redis. */
  readonly redis: Redis | undefined;
  readonly zendesk: {
    readonly signIn: (deadline: Deadline) => Promise<unknown>;
    readonly recentTickets: RecentTickets;
    readonly usesApiToken: boolean;
    /** How many seconds Zendesk's clock is ahead of ours; undefined: not known. */
    readonly aheadSeconds: () => number | undefined;
  };
  readonly salesforce: {
    readonly signIn: (deadline: Deadline) => Promise<unknown>;
    readonly caseFinder: CaseFinder;
    /** The field of Case that look-ups read for this account; undefined: none. */
    readonly externalIdField: (account: string) => Promise<string | undefined>;
  };
  /** Names of the inbound webhooks that are stored. */
  readonly webhooks: (account: string) => Promise<readonly string[]>;
  /** Undefined: none were taken over. */
  readonly settingsInForce: (
    account: string,
  ) => Promise<{ readonly revision: number; readonly enabled: boolean } | undefined>;
  readonly queues: () => Promise<readonly QueueDepth[]>;
  /** What other subjects check. */
  readonly others: readonly Check[];
}

const WEBHOOKS = 2;
/** Zendesk's signatures are accepted within a minute; half of that is already too far. */
const MOST_SKEW_SECONDS = 30;
/** Zendesk, "Migrating to OAuth". */
const API_TOKENS_END = "2027-04-30";
const PROBE = { requestId: "health", priority: "agent" } as const;
const NO_ADDRESS = "health-check@caseqa.invalid";

const ok = (message: string): CheckResult => ({ state: "ok", message });
const warn = (name: CheckName, message: string): CheckResult => ({
  state: "warning",
  message,
  remedy: remedyOf(name),
});

/** A token was granted, but without all the requested scopes. */
function isScopeFault(error: unknown): boolean {
  return error instanceof AppError && /without the scope/.test(error.message);
}

function zendeskChecks({ zendesk }: HealthCheckDeps): Check[] {
  const { signIn, recentTickets, usesApiToken, aheadSeconds } = zendesk;
  return [
    {
      name: "zendesk_login",
      async run(deadline) {
        await signIn(deadline).catch((error: unknown) => {
          if (!isScopeFault(error)) throw error;
        });
        return ok("Zendesk accepts the server's credential.");
      },
    },
    {
      name: "zendesk_scopes",
      async run(deadline) {
        await signIn(deadline);
        await recentTickets(1, { ...PROBE, deadline });
        return ok("The server may read tickets and users.");
      },
    },
    {
      name: "zendesk_token",
      async run() {
        return usesApiToken
          ? warn("zendesk_token", `Zendesk ends every API token on ${API_TOKENS_END}.`)
          : ok("The server renews its tokens by itself.");
      },
    },
    {
      name: "clock",
      async run(deadline) {
        await recentTickets(1, { ...PROBE, deadline });
        const ahead = aheadSeconds();
        if (ahead === undefined) return warn("clock", "Zendesk's answers give no time.");
        const seconds = Math.round(Math.abs(ahead));
        if (seconds <= MOST_SKEW_SECONDS) return ok("The server's clock agrees with Zendesk's.");
        const side = ahead > 0 ? "behind" : "ahead of";
        const message = `The server's clock is ${seconds} s ${side} Zendesk's.`;
        return { state: "failed", message, remedy: remedyOf("clock") };
      },
    },
  ];
}

function salesforceChecks({ salesforce }: HealthCheckDeps): Check[] {
  const { signIn, caseFinder, externalIdField } = salesforce;
  return [
    {
      name: "salesforce_login",
      async run(deadline) {
        await signIn(deadline);
        return ok("Salesforce accepts the server's credential.");
      },
    },
    {
      name: "salesforce_objects",
      // Runs the look-ups' own queries, for ids that do not exist: they fail where the integration user lacks read access.
      async run(deadline, account) {
        const call = { ...PROBE, deadline };
        await caseFinder.byNumber(["00000000"], call);
        await caseFinder.openByEmail(NO_ADDRESS, call);
        const field = await externalIdField(account);
        if (field !== undefined) await caseFinder.byExternalId(field, "0", call);
        const also = field === undefined ? "" : ` and the field ${field}`;
        return ok(`Look-ups may read Case${also}.`);
      },
    },
  ];
}

function ownChecks(deps: HealthCheckDeps): Check[] {
  return [
    {
      name: "database",
      async run() {
        await deps.pingDatabase();
        return ok("The database answers.");
      },
    },
    {
      name: "jobs",
      async run() {
        const depths = await deps.queues();
        const dead = depths.reduce((sum, depth) => sum + depth.dead, 0);
        return dead === 0
          ? ok("No job was given up.")
          : warn("jobs", `${dead} jobs were given up and wait for you.`);
      },
    },
    {
      name: "webhooks",
      async run(_deadline, account) {
        const known = await deps.webhooks(account);
        if (known.length === WEBHOOKS) return ok("The server knows both inbound webhooks.");
        const found = known.length === 0 ? "no inbound webhook" : `only ${known.join(", ")}`;
        return warn("webhooks", `The server knows ${found}: it cannot start every flow.`);
      },
    },
    {
      name: "settings",
      async run(_deadline, account) {
        const inForce = await deps.settingsInForce(account);
        if (inForce === undefined) {
          return warn("settings", "No settings were handed over yet: the server's defaults count.");
        }
        const { revision, enabled } = inForce;
        if (enabled) return ok(`Revision ${revision} of the settings is in force.`);
        return {
          state: "warning",
          message: `CaseQA is switched off by the setting “enabled” of revision ${revision}: every flow ends at once.`,
          remedy: "Run caseqa config set enabled=true, or switch it on on the app's page Settings.",
        };
      },
    },
  ];
}

function redisChecks(redis: Redis): Check[] {
  return [
    {
      name: "redis",
      async run() {
        const answer = await redis.attempt((commands) => commands.ping());
        return answer === undefined
          ? warn("redis", "Redis does not answer.")
          : ok("Redis answers.");
      },
    },
  ];
}

export function createHealthChecks(deps: HealthCheckDeps): readonly Check[] {
  return [
    ...ownChecks(deps),
    ...deps.others,
    ...(deps.redis ? redisChecks(deps.redis) : []),
    ...zendeskChecks(deps),
    ...salesforceChecks(deps),
  ];
}
