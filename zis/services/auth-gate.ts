/**
 * Which credential works where, and what the others are answered. The texts and statuses of refusals were
 * observed by a third party; who may do what is documented with each ZIS API unless a comment says otherwise.
 */
import type { Identified, Principal } from "./account.ts";
import { notFound, ServiceError, envelope } from "./service-error.ts";
import type { ServiceSwitches } from "./service-switches.ts";

/** Endpoints that share one rule. */
export type Family =
  | "listIntegrations"
  | "createIntegration"
  | "uploadBundle"
  | "readBundles"
  | "jobSpecs"
  | "connections"
  | "configs"
  | "links"
  | "inboundWebhooks";

type Credential = "basic" | "ownToken" | "otherToken" | "session";

interface Refusal {
  readonly status: 401 | 403;
  readonly text: string;
}

const FAILED: Refusal = { status: 401, text: "Authentication failed" };
const MISMATCH: Refusal = {
  status: 401,
  text: "Authorization failed due to integration mismatch",
};
const OAUTH_DISABLED: Refusal = {
  status: 401,
  text: "Authorization failed due to OAuth being disabled for this API request",
};
const NO_API_TOKEN: Refusal = { status: 403, text: "API token is not supported" };
const ADMIN_ONLY: Refusal = { status: 403, text: "Only admin user is allowed" };

type Rule = "allow" | "unlisted" | Refusal;

const BY_TOKEN = { basic: NO_API_TOKEN, ownToken: "allow", otherToken: MISMATCH } as const;

const RULES: Readonly<Record<Family, Readonly<Record<Credential, Rule>>>> = {
  // That OAuth tokens are refused here is inferred: the page does not list them.
  listIntegrations: {
    basic: "allow",
    ownToken: OAUTH_DISABLED,
    otherToken: OAUTH_DISABLED,
    session: "allow",
  },
  // An administrator's client_credentials token was seen accepted.
  createIntegration: {
    basic: "allow",
    ownToken: "allow",
    otherToken: "allow",
    session: "allow",
  },
  uploadBundle: {
    basic: "allow",
    ownToken: OAUTH_DISABLED,
    otherToken: OAUTH_DISABLED,
    session: "allow",
  },
  readBundles: { basic: "allow", ownToken: "allow", otherToken: MISMATCH, session: "allow" },
  jobSpecs: { basic: "allow", ownToken: "allow", otherToken: MISMATCH, session: "allow" },
  connections: { ...BY_TOKEN, session: "allow" },
  configs: { ...BY_TOKEN, session: "allow" },
  links: { ...BY_TOKEN, session: "unlisted" },
  inboundWebhooks: { ...BY_TOKEN, session: "unlisted" },
};

export interface AccessQuestion {
  readonly family: Family;
  readonly identified: Identified;
  /** The integration that the request names, if it names one. */
  readonly integration: string | undefined;
  readonly integrationExists: boolean;
}

/**
 * Who may go on. Throws the refusal otherwise: for an integration that does not exist a ZIS token is refused
 * as a mismatch, everybody else gets 404.
 */
export function requireAccess(question: AccessQuestion, switches: ServiceSwitches): Principal {
  const { identified, family, integration } = question;
  if (!identified.ok) throw refuse(FAILED, switches);
  const { principal } = identified;
  const rule = RULES[family][credentialOf(principal, question)];
  if (rule === "unlisted" && switches.unlistedSession === "refuse") throw refuse(FAILED, switches);
  if (typeof rule === "object") throw refuse(rule, switches);
  if (!principal.admin) throw refuse(ADMIN_ONLY, switches);
  if (integration !== undefined && !question.integrationExists) {
    throw notFound(`integration ${integration} not found`);
  }
  return principal;
}

function credentialOf(principal: Principal, question: AccessQuestion): Credential {
  if (principal.kind !== "oauth") return principal.kind;
  const own = question.integrationExists && principal.integration === question.integration;
  return own ? "ownToken" : "otherToken";
}

function refuse({ status, text }: Refusal, switches: ServiceSwitches): ServiceError {
  const body = switches.refusalBody === "text" ? text : envelope(status, text);
  return new ServiceError(status, text, body);
}
