/** How much may be asked of the account: all its limits, with the figures of a plan. */
import type { FastifyReply } from "fastify";
import { createEndpointLimit, type EndpointLimit } from "./endpoint-limits.ts";
import { createPersonLimits, type PersonLimits } from "./person-limits.ts";
import {
  accountHeaders,
  accountLimitReached,
  createRateLimiter,
  edgeLimitReached,
} from "./rate-limit.ts";
import { createUpdateLimits, type UpdateLimits } from "./update-limits.ts";

export interface ZendeskLimits {
  /** All calls of the Support API. */
  requestsPerMinute: number;
  /** `PUT` on tickets, whole account. */
  ticketUpdatesPerMinute: number;
  /** `PUT` on one ticket by one person. */
  updatesOfTicketPerTenMinutes: number;
  incrementalExportsPerMinute: number;
  /** Writes on one person. */
  updatesOfPersonPerMinute: number;
  /** Writes on people, whole account. */
  personUpdatesPerSecond: number;
  /** `GET /tickets`. Each account has its own: 100, 20,000 and 100,000 were seen. */
  ticketListsPerMinute: number;
  /** `GET /tickets?page=N` with N above 500. */
  deepTicketListsPerMinute: number;
  /** `GET /tickets/{id}/audits`. Only the reference of 2025 has it. */
  auditsPerMinute: number;
  /**
   * Calls within a second from which the edge in front of the account refuses what follows, whoever calls. Infinite (the default): it
   * never does. Where Zendesk begins to is not documented.
   */
  callsPerBurst: number;
}

/** The plan Enterprise Plus without the high-volume add-on. */
const ENTERPRISE_PLUS: Readonly<ZendeskLimits> = {
  requestsPerMinute: 2_500,
  ticketUpdatesPerMinute: 100,
  updatesOfTicketPerTenMinutes: 30,
  incrementalExportsPerMinute: 10,
  updatesOfPersonPerMinute: 5,
  personUpdatesPerSecond: 1,
  ticketListsPerMinute: 100_000,
  deepTicketListsPerMinute: 50,
  auditsPerMinute: 500,
  callsPerBurst: Number.POSITIVE_INFINITY,
};

const BURST_MS = 1_000;
const MINUTE_MS = 60_000;
const SAMPLES_PER_TWENTY_MINUTES = 10;

export interface Limits {
  /** May be changed while it runs. */
  readonly figures: ZendeskLimits;
  /**
   * Counts one call of the Support API and puts the account's headers on its answer.
   * @throws ZendeskRefusal 429, in JSON by the edge and in plain text by the account
   */
  countCall(reply: FastifyReply): void;
  /** Spends calls of the account's minute. Returns how many fit. */
  spend(calls: number): number;
  readonly updates: UpdateLimits;
  readonly people: PersonLimits;
  readonly exports: EndpointLimit;
  readonly samples: EndpointLimit;
  readonly ticketLists: EndpointLimit;
  readonly deepTicketLists: EndpointLimit;
  readonly audits: EndpointLimit;
}

export function createLimits(changed: Partial<ZendeskLimits>, now: () => Date): Limits {
  const figures: ZendeskLimits = { ...ENTERPRISE_PLUS, ...changed };
  const burst = createRateLimiter({
    limit: () => figures.callsPerBurst,
    windowMs: BURST_MS,
    now,
  });
  const requests = createRateLimiter({
    limit: () => figures.requestsPerMinute,
    windowMs: MINUTE_MS,
    now,
  });
  const perMinute = (name: string, what: string, limit: () => number) =>
    createEndpointLimit({ name, what, limit, windowMs: MINUTE_MS, now });
  return {
    figures,
    countCall(reply) {
      if (!burst.take("edge")) throw edgeLimitReached();
      const usage = requests.take("account");
      if (!usage) throw accountLimitReached(figures.requestsPerMinute, requests.retryAfter());
      void reply.headers(accountHeaders(usage));
    },
    spend(calls) {
      const spent = Math.min(calls, requests.left("account"));
      requests.take("account", spent);
      return spent;
    },
    updates: createUpdateLimits({
      perMinute: () => figures.ticketUpdatesPerMinute,
      ofTicketPerTenMinutes: () => figures.updatesOfTicketPerTenMinutes,
      now,
    }),
    people: createPersonLimits({
      ofPersonPerMinute: () => figures.updatesOfPersonPerMinute,
      perSecond: () => figures.personUpdatesPerSecond,
      now,
    }),
    exports: perMinute(
      "incremental-exports",
      "incremental export API requests per minute",
      () => figures.incrementalExportsPerMinute,
    ),
    samples: createEndpointLimit({
      name: "incremental-exports-sample",
      what: "incremental export sample API requests per 20 minutes",
      limit: () => SAMPLES_PER_TWENTY_MINUTES,
      windowMs: 20 * MINUTE_MS,
      now,
    }),
    ticketLists: perMinute(
      "tickets-index",
      "ticket list API requests per minute",
      () => figures.ticketListsPerMinute,
    ),
    deepTicketLists: perMinute(
      "tickets-index-deep-pagination",
      "ticket list API requests past page 500 per minute",
      () => figures.deepTicketListsPerMinute,
    ),
    // The name in the header is UNVERIFIED.
    audits: perMinute(
      "ticket-audits-index",
      "ticket audit API requests per minute",
      () => figures.auditsPerMinute,
    ),
  };
}
