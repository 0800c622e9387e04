/** What administrators ask and tell the server, behind the admission of administrators. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import {
  ADMIN_BODY_BYTES,
  ADMIN_PATHS,
  FlowsExpected,
  Installation,
  PreviewRequest,
  ReferenceRequest,
  Webhooks,
  type CaseReply,
  type Health,
  type LogReply,
  type PreviewReply,
  type ReferenceCheck,
  type SettingsHistory,
  type TicketReply,
} from "#contract/admin";
import { SalesforceId, ZendeskIdText } from "#contract/actions/envelope";
import { AppError } from "#platform/errors";
import { createDeadline, type Deadline } from "#platform/deadline";
import type { RemoteCall } from "#platform/outbound/send";
import type { Settings } from "#contract/settings/settings";
import type { AdminAdmission } from "#subjects/access/admission";
import type { LogQuery } from "#subjects/activity-log/log-store";

export interface AdminRouteDeps {
  readonly findInstallation: (account: string) => Promise<Installation | undefined>;
  /** Throws INSTALLATION_TAKEN, BAD_REQUEST and ZENDESK_ errors. */
  readonly register: (
    account: string,
    installation: Installation,
    call: RemoteCall,
  ) => Promise<void>;
  readonly storeWebhooks: (account: string, webhooks: Webhooks) => Promise<void>;
  /** The account was uninstalled: nothing is posted to its webhooks any more. */
  readonly forgetWebhooks: (account: string) => Promise<void>;
  readonly expectFlows: (account: string, expected: boolean) => Promise<void>;
  readonly health: (account: string) => Promise<Health>;
  readonly log: (account: string, query: LogQuery) => Promise<LogReply>;
  readonly ticket: (account: string, ticketId: string) => Promise<TicketReply>;
  /** Throws SALESFORCE_ errors. */
  readonly findCase: (caseId: string, call: RemoteCall) => Promise<CaseReply>;
  readonly settingsHistory: (account: string) => Promise<SettingsHistory>;
  /** Has the flow settings_sync run, for an event of this id. Throws WEBHOOK_NOT_CONFIGURED and ZENDESK_ errors. */
  readonly syncSettings: (account: string, call: RemoteCall) => Promise<string>;
  /** Whether Case has this field, for the integration user. */
  readonly checkReference: (field: string, call: RemoteCall) => Promise<ReferenceCheck>;
  readonly preview: (settings: Settings, call: RemoteCall) => Promise<PreviewReply>;
}

const TicketPath = Type.Object({ ticket_id: ZendeskIdText });
const CasePath = Type.Object({ case_id: SalesforceId });
const SERIAL = /^[1-9][0-9]{0,17}$/;
const LOG_PAGE = 50;
const LARGEST_LOG_PAGE = 200;
/** Within the time that a browser, through Zendesk's proxy, surely waits. */
const BUDGET_MS = 10_000;
const PREVIEW_BUDGET_MS = 20_000;

type Query = Readonly<Record<string, unknown>>;

/** Repeated or misspelt parameters are told, not guessed at. */
function readLogQuery(query: Query): LogQuery {
  const { failed, before, limit = String(LOG_PAGE), ...others } = query;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new AppError("BAD_REQUEST", "the query has an unknown parameter");
  if (failed !== undefined && failed !== "true" && failed !== "false") {
    throw new AppError("BAD_REQUEST", "failed is true or false");
  }
  if (before !== undefined && (typeof before !== "string" || !SERIAL.test(before))) {
    throw new AppError("BAD_REQUEST", "before is the next of an earlier answer");
  }
  const count = Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > LARGEST_LOG_PAGE) {
    throw new AppError("BAD_REQUEST", `limit is a number from 1 to ${LARGEST_LOG_PAGE}`);
  }
  return { failedOnly: failed === "true", before, limit: count };
}

async function within<T>(
  request: FastifyRequest,
  budgetMs: number,
  work: (call: RemoteCall) => Promise<T>,
): Promise<T> {
  const deadline: Deadline = createDeadline(budgetMs);
  try {
    return await work({ deadline, requestId: request.id, priority: "agent" });
  } finally {
    deadline.clear();
  }
}

export function registerAdminRoutes(
  app: FastifyInstance,
  { admitAdmin, admitRole, callerOf }: AdminAdmission,
  deps: AdminRouteDeps,
): void {
  const forAdmins = { schema: { hide: true }, onRequest: admitAdmin };
  const taking = (body: object, bodyLimit?: number) => ({
    ...forAdmins,
    ...(bodyLimit !== undefined && { bodyLimit }),
    schema: { hide: true, body },
  });
  const accountOf = (request: FastifyRequest) => callerOf(request).account;

  app.get(ADMIN_PATHS.installation, forAdmins, async (request) => {
    const found = await deps.findInstallation(accountOf(request));
    if (!found) throw new AppError("NOT_FOUND", "no installation of the app is registered");
    return found;
  });
  app.put(
    ADMIN_PATHS.installation,
    taking(Installation, ADMIN_BODY_BYTES.installation),
    async (request) => {
      const account = accountOf(request);
      const wanted = request.body as Installation;
      await within(request, BUDGET_MS, (call) => deps.register(account, wanted, call));
      return deps.findInstallation(account);
    },
  );

  app.put(
    ADMIN_PATHS.webhooks,
    taking(Webhooks, ADMIN_BODY_BYTES.webhooks),
    async (request, reply) => {
      await deps.storeWebhooks(accountOf(request), request.body as Webhooks);
      return reply.code(204).send();
    },
  );

  app.delete(ADMIN_PATHS.webhooks, forAdmins, async (request, reply) => {
    await deps.forgetWebhooks(accountOf(request));
    return reply.code(204).send();
  });
  app.put(ADMIN_PATHS.flows, taking(FlowsExpected), async (request, reply) => {
    const { expected } = request.body as FlowsExpected;
    await deps.expectFlows(accountOf(request), expected);
    return reply.code(204).send();
  });

  app.get(ADMIN_PATHS.health, forAdmins, async (request) => deps.health(accountOf(request)));

  app.get(ADMIN_PATHS.log, forAdmins, async (request) =>
    deps.log(accountOf(request), readLogQuery(request.query as Query)),
  );
  app.get(
    ADMIN_PATHS.ticket,
    { schema: { hide: true, params: TicketPath }, onRequest: admitRole("agent") },
    async (request) => {
      const { ticket_id } = request.params as Static<typeof TicketPath>;
      return deps.ticket(accountOf(request), ticket_id);
    },
  );

  app.get(
    ADMIN_PATHS.case,
    { ...forAdmins, schema: { hide: true, params: CasePath } },
    async (request) => {
      const { case_id } = request.params as Static<typeof CasePath>;
      return within(request, BUDGET_MS, (call) => deps.findCase(case_id, call));
    },
  );

  app.get(ADMIN_PATHS.settingsHistory, forAdmins, async (request) =>
    deps.settingsHistory(accountOf(request)),
  );
  app.post(ADMIN_PATHS.settingsSync, forAdmins, async (request, reply) => {
    const account = accountOf(request);
    const sync = (call: RemoteCall) => deps.syncSettings(account, call);
    const event_id = await within(request, BUDGET_MS, sync);
    return reply.code(202).send({ event_id });
  });
  app.post(ADMIN_PATHS.references, taking(ReferenceRequest), async (request) => {
    const { field } = request.body as ReferenceRequest;
    return within(request, BUDGET_MS, (call) => deps.checkReference(field, call));
  });
  app.post(
    ADMIN_PATHS.preview,
    taking(PreviewRequest, ADMIN_BODY_BYTES.preview),
    async (request) => {
      const { settings } = request.body as PreviewRequest;
      return within(request, PREVIEW_BUDGET_MS, (call) => deps.preview(settings, call));
    },
  );
}
