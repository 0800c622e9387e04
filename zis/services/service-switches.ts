/** Which behaviours of the service APIs are not publicly known, what is done here, and what else can be. */

interface SwitchSpec {
  readonly default: string;
  readonly allowed: readonly string[];
  /** What each value means and why the default is the default. */
  readonly reason: string;
  /** The public page or the observation behind it, or what it is inferred from. */
  readonly source: string;
}

export const SERVICE_SWITCHES = {
  integrationRecreate: {
    default: "conflict",
    allowed: ["conflict", "ok"],
    reason:
      "Creating an integration that the account already has: conflict answers 409, ok answers 200 without the secret.",
    source: "409 was observed by a third party, who also noted that 200 may come",
  },
  uploadInstalls: {
    default: "orphan",
    allowed: ["orphan", "keep"],
    reason:
      "Installed job specs that an upload contains again: orphan needs them installed again, keep carries the installation over.",
    source: "orphaning was observed by one third party",
  },
  flowRetries: {
    default: "documented",
    allowed: ["documented", "none"],
    reason:
      "A flow that ended on an uncaught 429 or 5xx: documented runs it again whole, up to three times, none leaves it failed.",
    source: "ZIS guide on retries and error handling; a third party saw no retries",
  },
  duplicateLink: {
    default: "conflict",
    allowed: ["conflict", "ok"],
    reason: "Creating a link that exists: conflict answers 409, ok answers with the link as it is.",
    source: "inferred; the guide on links says only that the three names identify a link",
  },
  configMerge: {
    default: "shallow",
    allowed: ["shallow", "deep"],
    reason:
      "PatchConfig and PATCH: shallow replaces the named top-level settings, deep merges objects inside them too.",
    source: "inferred; the page on built-in actions says only that other settings stay",
  },
  zendeskConnectionName: {
    default: "oauth",
    allowed: ["oauth", "any"],
    reason:
      "The connection name zendesk: oauth reserves it for OAuth connections, any lets every type have it.",
    source: "reserved by the guide on connections; a third party saw a basic one of that name",
  },
  unlistedSession: {
    default: "refuse",
    allowed: ["refuse", "allow"],
    reason:
      "An administrator's browser session on links and inbound webhooks, where the pages list ZIS OAuth tokens only.",
    source: "inferred because no page says; refusing keeps a client on the documented way",
  },
  supportSource: {
    default: "refuse",
    allowed: ["refuse", "allow"],
    reason:
      "An inbound webhook whose source_system is support, the source of native events: refuse answers 400.",
    source: "inferred because no page says",
  },
  refusalBody: {
    default: "text",
    allowed: ["text", "json"],
    reason:
      "The body of a refused credential: text is the bare text, json the documented error envelope around it.",
    source: "the texts were observed by a third party as plain text; the envelope is documented",
  },
} as const satisfies Record<string, SwitchSpec>;

export type ServiceSwitches = {
  readonly [K in keyof typeof SERVICE_SWITCHES]: (typeof SERVICE_SWITCHES)[K]["allowed"][number];
};

/** Every switch, at its default where it is not set. */
export function serviceSwitches(set: Partial<ServiceSwitches> = {}): ServiceSwitches {
  const defaults = Object.entries(SERVICE_SWITCHES).map(([name, spec]) => [name, spec.default]);
  return { ...(Object.fromEntries(defaults) as ServiceSwitches), ...set };
}
