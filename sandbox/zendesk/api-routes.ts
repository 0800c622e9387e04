/** Everything under `/api/v2`: what every call passes first, and which routes there are. */
import type { FastifyInstance } from "fastify";
import type { Account } from "#zis/services/account";
import type { Faults } from "../faults.ts";
import type { Deletions } from "./deletions.ts";
import { invalidEndpoint, sendRefusal } from "./errors.ts";
import type { IdempotencyKeys } from "./idempotency-keys.ts";
import type { Jobs } from "./jobs.ts";
import type { Limits } from "./limits.ts";
import type { Memberships } from "./memberships.ts";
import type { Redactions } from "./redactions.ts";
import { acceptEmptyBodies, type RouteDeps } from "./route.ts";
import type { Satisfaction } from "./satisfaction.ts";
import type { Webhooks } from "./webhooks/create-webhooks.ts";
import { accountRoutes } from "./account-routes.ts";
import { customStatusRoutes } from "./custom-status-routes.ts";
import { deletionRoutes } from "./deletion-routes.ts";
import { attachmentRoutes } from "./files/attachment-routes.ts";
import { identityRoutes } from "./identity-routes.ts";
import { exportRoutes } from "./incremental/export-routes.ts";
import { jobRoutes } from "./job-routes.ts";
import { membershipRoutes } from "./membership-routes.ts";
import { mergeRoutes } from "./merge-routes.ts";
import { metricRoutes } from "./metric-routes.ts";
import { peopleRoutes } from "./people-routes.ts";
import { peopleWrites } from "./people-writes.ts";
import { personDeletionRoutes } from "./person-deletion-routes.ts";
import { redactionRoutes } from "./redaction-routes.ts";
import { satisfactionRoutes } from "./satisfaction-routes.ts";
import { searchRoutes } from "./search-routes.ts";
import { ticketConversation } from "./ticket-conversation.ts";
import { ticketReads } from "./ticket-reads.ts";
import { ticketTags } from "./ticket-tags.ts";
import { ticketWrites } from "./ticket-writes.ts";
import { webhookRoutes } from "./webhooks/webhook-routes.ts";

/** What comes before every route: ordered faults, limits, and what time has brought about since the last call. */
export function guardApi(
  app: FastifyInstance,
  parts: {
    readonly limits: Pick<Limits, "countCall">;
    readonly jobs: Jobs;
    readonly deletions: Deletions;
    readonly faults: Faults | undefined;
  },
): void {
  const { limits, jobs, deletions, faults } = parts;
  if (faults) {
    app.addHook("onRequest", (request, reply) => faults.onRequest(request, reply));
    app.addHook("onSend", (request, reply, payload) => faults.onSend(request, reply, payload));
  }
  app.addHook("onRequest", async (_request, reply) => {
    limits.countCall(reply);
  });
  app.addHook("onRequest", async () => {
    jobs.settle();
    deletions.expire();
  });
  acceptEmptyBodies(app);
  app.setErrorHandler(sendRefusal);
}

interface ApiParts {
  readonly deps: RouteDeps;
  readonly account: Account;
  readonly limits: Limits;
  readonly deletions: Deletions;
  readonly memberships: Memberships;
  readonly keys: IdempotencyKeys;
  readonly redactions: Redactions;
  readonly satisfaction: Satisfaction;
  readonly webhooks: Webhooks;
  readonly lastExportCursor: "given" | "null";
}

/** All routes; what is none of them is `InvalidEndpoint`. */
export function serveApi(app: FastifyInstance, parts: ApiParts): void {
  const { deps, account, limits, deletions, memberships, redactions, satisfaction, webhooks } =
    parts;
  attachmentRoutes(app, deps);
  ticketReads(app, deps, limits);
  ticketConversation(app, deps, limits.audits);
  ticketWrites(app, deps, parts.keys, limits.updates);
  ticketTags(app, deps, limits.updates);
  deletionRoutes(app, deps, deletions);
  mergeRoutes(app, deps);
  redactionRoutes(app, deps, redactions);
  jobRoutes(app, deps);
  webhookRoutes(app, deps, webhooks, account.accountId);
  peopleRoutes(app, deps);
  peopleWrites(app, deps, memberships, limits.people);
  personDeletionRoutes(app, deps, account.subdomain);
  identityRoutes(app, deps);
  membershipRoutes(app, deps, memberships);
  metricRoutes(app, deps);
  customStatusRoutes(app, deps);
  satisfactionRoutes(app, deps, satisfaction);
  accountRoutes(app, deps);
  searchRoutes(app, deps);
  exportRoutes(app, deps, {
    limit: limits.exports,
    sampleLimit: limits.samples,
    lastCursor: parts.lastExportCursor,
  });
  app.all("/api/v2/*", async () => {
    throw invalidEndpoint();
  });
}
