/** What each check of the server's health says to do when it fails. */
import type { HealthCheck } from "#contract/routes/health";
import { isDatabaseUnavailable } from "../db/database-errors.ts";
import { AppError } from "../errors.ts";

/** docs/administer.md has a row for each. */
export const REMEDIES = {
  database: "Start Postgres, and compare DATABASE_URL with its address, user and password.",
  redis:
    "Start Redis, or unset REDIS_URL: the server works without it, but answers repeats slower.",
  zendesk_login:
    "Compare ZENDESK_URL, ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET with the OAuth client in Zendesk's Admin Center.",
  zendesk_scopes:
    "Give the OAuth client the scopes tickets:read, tickets:write and users:read, owned by an administrator.",
  zendesk_token:
    "Make an OAuth client in Zendesk's Admin Center and set ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET.",
  clock: "Set the server's clock by NTP: signatures and tokens count for minutes.",
  salesforce_login:
    "Compare SALESFORCE_LOGIN_URL, SALESFORCE_CLIENT_ID and the secret or key with the connected app, and its run-as user.",
  salesforce_objects:
    "Give the integration user read access to Case, to Contact's e-mail, and to the field that holds the ticket id; or change that field in the settings.",
  webhooks:
    "Run caseqa install --only webhooks, or press Run at “Inbound webhooks” on the app's page Install.",
  settings:
    "Run caseqa install --only settings_sync, or press Run at “Hand the settings to the server” on the app's page Install; the hourly run does the same.",
  installation:
    "Run caseqa install, or open the app in Zendesk and introduce it to the server there.",
  flows:
    "Run caseqa test-event, or press “Send a test event” on the app's page Health: it shows which part of the way is broken. If CaseQA is to be silent, run caseqa disable.",
  test_event:
    "Run caseqa install --only connections,job_specs,webhooks, or press Run at these steps on the app's page Install, then send a test event again. The flow's own error is in Admin Center, Apps and integrations, Integrations, Logs.",
  refused_flows:
    "Give the flows a token of SERVER_TOKENS: run caseqa install --only connections, or use “Replace the server token” on the app's page Install.",
  jobs: "npm run jobs lists the jobs that were given up; fix their cause, then put them back.",
} as const;

export type CheckName = keyof typeof REMEDIES;

export function remedyOf(name: CheckName): string {
  return REMEDIES[name];
}

/** A network failure is not blamed on a credential, so that nobody changes the wrong thing. */
export function toFailedCheck(name: CheckName, error: unknown): HealthCheck {
  if (error instanceof AppError) {
    const { message, retryable } = error;
    const cure = retryable
      ? `Try again in a minute; if it stays so, check the network and the remote system's status page. ${REMEDIES[name]}`
      : REMEDIES[name];
    return { name, state: retryable ? "warning" : "failed", message, cure };
  }
  const message = isDatabaseUnavailable(error)
    ? "The database is away."
    : "The check itself failed; the log has it.";
  return { name, state: "failed", message, cure: REMEDIES[name] };
}
