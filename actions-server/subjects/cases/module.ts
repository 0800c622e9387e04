/** Which Salesforce case belongs to a ticket, and how its agents are notified. */
import type { Kysely } from "kysely";
import type { ResolveCaseReply, ResolveCaseRequest } from "#contract/actions/resolve-case";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import type { ActionHandlers } from "#platform/http/handlers";
import { worker, type Jobs } from "#platform/jobs/queue";
import type { Log } from "#platform/log";
import type { Module } from "#platform/module";
import type { RemoteCall } from "#platform/outbound/send";
import type { CaseFinder } from "#remotes/salesforce/case-finder";
import type { ZendeskClient } from "#remotes/zendesk/client";
import { createFindNote } from "#remotes/zendesk/comment-search";
import type { RecentTickets } from "#remotes/zendesk/recent-tickets";
import type { TicketWithUsers, ZendeskReader } from "#remotes/zendesk/reader";
import { createZendeskWriter } from "#remotes/zendesk/writer";
import { annotateTicket } from "./annotate-ticket.ts";
import { rememberingResolve, rememberLookUp, type SeenLookUp } from "./case-lookups.ts";
import { linkEventId, requestLink, RESOLVE_AND_LINK } from "./request-link.ts";
import { createCaseRoutes } from "./routes.ts";
import { resolveAndLink, type CaseLinkWebhook } from "./resolve-and-link.ts";
import { resolveCase, type SettingsOf } from "./resolve-case.ts";
import { resolveFound } from "./resolve-found.ts";
import { notifyAgents, type NotifyAgentsDeps } from "./notify-agents.ts";

export interface CasesOptions {
  readonly db: Kysely<Database>;
  readonly client: ZendeskClient;
  readonly zendesk: ZendeskReader;
  readonly caseFinder: CaseFinder;
  readonly recentTickets: RecentTickets;
  readonly settingsOf: SettingsOf;
  /** Undefined: there is no way to ask for a link. */
  readonly caseLinkOf: (account: string) => Promise<CaseLinkWebhook | undefined>;
  readonly jobs: Pick<Jobs, "enqueue">;
  readonly now: () => Date;
  readonly log: Log;
}

export interface CasesModule extends Module {
  readonly actions: Pick<ActionHandlers, "resolve-case" | "annotate-ticket" | "request-link">;
  /** The case of a ticket that was already read, by what the request names. Throws SALESFORCE_ errors. */
  readonly lookUp: (
    account: string,
    found: TicketWithUsers,
    request: ResolveCaseRequest,
    call: RemoteCall,
  ) => Promise<ResolveCaseReply>;
  readonly remember: (account: string, lookUp: SeenLookUp) => Promise<void>;
  /** Has a flow link the ticket; the same `key` is the same event. Throws WEBHOOK_NOT_CONFIGURED and ZENDESK_ errors. */
  readonly askForLink: (
    account: string,
    link: { readonly key: string; readonly ticketId: string; readonly caseId: string },
    call: RemoteCall,
  ) => Promise<void>;
}

export function createCases(options: CasesOptions): CasesModule {
  const {
    db,
    client,
    zendesk,
    caseFinder: cases,
    settingsOf,
    caseLinkOf,
    jobs,
    now,
    log,
  } = options;
  const resolve = rememberingResolve({ db, now, log }, (request, context) =>
    resolveCase({ zendesk, cases, settingsOf }, request, context),
  );
  const writing = {
    reader: zendesk,
    writer: createZendeskWriter(client),
    findNote: createFindNote(client),
    now,
  };
  const annotate: NotifyAgentsDeps["annotate"] = (request, context) =>
    annotateTicket(writing, request, context);
  return {
    actions: {
      // An agent is looking at the ticket.
      "resolve-case": (request, context) => resolve(request, { ...context, priority: "agent" }),
      "annotate-ticket": annotate,
      "request-link": async (request, context) =>
        requestLink(
          {
            canAskForLinks: (await caseLinkOf(context.account)) !== undefined,
            enqueueLink: (trx, job) => jobs.enqueue(trx, RESOLVE_AND_LINK, job),
            now,
          },
          request,
          context,
        ),
    },
    routes: createCaseRoutes({ cases, recentTickets: options.recentTickets }),
    workers: [
      worker(RESOLVE_AND_LINK, async (job) => {
        const webhook = await caseLinkOf(job.account);
        await resolveAndLink(
          {
            resolve,
            webhook,
            notifyAgents: (...found) => notifyAgents({ settingsOf, annotate, log }, ...found),
            now,
            log,
          },
          job,
        );
      }),
    ],
    lookUp: async (account, found, request, call) =>
      (await resolveFound(cases, found, request, { account, ...call })).reply,
    remember: (account, lookUp) => rememberLookUp(db, account, lookUp),
    async askForLink(account, { key, ticketId, caseId }, call) {
      const webhook = await caseLinkOf(account);
      if (!webhook) {
        throw new AppError(
          "WEBHOOK_NOT_CONFIGURED",
          "the webhook case_link_requested is not known",
        );
      }
      await webhook.post(
        {
          event_id: linkEventId(account, key),
          action: "link",
          ticket_id: ticketId,
          case_id: caseId,
        },
        call,
      );
    },
  };
}
