/** What may be chosen about a world. */
import type { Overrides } from "#actions-server/open-platform";
import type { AppSwitches } from "#sandbox/apps/switches";
import type { ZisEvent } from "#sandbox/zendesk/events";
import type { ZendeskLimits } from "#sandbox/zendesk/limits";
import type { PersonEvent } from "#sandbox/zendesk/person-events";
import type { ZendeskSwitches } from "#sandbox/zendesk/switches";

export interface WorldPorts {
  readonly zendesk: number;
  readonly salesforce: number;
  readonly server: number;
}

export interface WorldOptions {
  readonly seed: number;
  readonly tickets: number;
  /** Instead of these tickets an account of so many, of the three years before it starts; they belong to no case. */
  readonly history?: number;
  /** 0: a free port. */
  readonly ports: WorldPorts;
  readonly logLevel: string;
  /** Default: DATABASE_URL; when that is unset too, the embedded Postgres of DATA_DIR. */
  readonly databaseUrl?: string;
  /** A migrated database of `databaseUrl` that is copied, which is quicker than to migrate. */
  readonly databaseTemplate?: string;
  /** Where Zendesk's events go; absent: straight to ZIS, once each. */
  readonly onEvents?: (events: readonly ZisEvent[]) => void;
  /** Where its events of people go; absent: as `onEvents`. Webhooks get both in any case. */
  readonly onPersonEvents?: (events: readonly PersonEvent[]) => void;
  /** Zendesk by TLS too, as zcli wants it. Default: plain HTTP only. */
  readonly tls?: boolean;
  /** False: an account in which nothing of CaseQA is installed yet. Default true. */
  readonly installed?: boolean;
  readonly appSwitches?: Partial<AppSwitches>;
  readonly zendeskSwitches?: Partial<ZendeskSwitches>;
  /** What the server's OAuth client asks for; default: its own. */
  readonly zendeskScope?: string;
  /** Other limits of the Support API than those of the plan Enterprise Plus. */
  readonly limits?: Partial<ZendeskLimits>;
  /** Integration names and the subdomains that own them; names are unique over all accounts. */
  readonly takenNames?: Map<string, string>;
  /** The time of everything but the databases and the waits of flows. */
  readonly now?: () => Date;
  /** Whether the waits of flows take time. Default: real. */
  readonly waits?: "real" | "virtual";
  /** Replaces parts of the actions server. */
  readonly overrides?: Overrides;
}
