/** Is a promised link asked for once its case is known, under one event id, and never for a guess? */
import { describe, expect, it } from "vitest";
import type { ResolveCaseReply } from "#contract/actions/resolve-case";
import type { CaseLinkRequestedEvent } from "#contract/webhooks";
import { AppError } from "#platform/errors";
import { requestLink, type LinkJob } from "#subjects/cases/request-link";
import { resolveAndLink } from "#subjects/cases/resolve-and-link";
import type { AmbiguousReply } from "#subjects/cases/notify-agents";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";
import { runCommit } from "../../../../support/run-commit.ts";

const CASE = "500000000000001AAA";
const summary = { id: CASE, number: "1", subject: null, status: null, is_closed: false };
const matched: ResolveCaseReply = {
  outcome: "matched",
  ticket_id: "12",
  case_id: CASE,
  matched_by: "case_number",
  case: summary,
};
const job: LinkJob = {
  account: "acme",
  request: { ticket_id: 12, match_order: ["case_number"] },
  eventId: "link-1",
  requestId: "r",
  key: "S:1",
};
const ambiguous: AmbiguousReply = {
  outcome: "ambiguous",
  ticket_id: "12",
  case_id: null,
  matched_by: "requester_email",
  candidates: [summary, { ...summary, id: "500000000000002AAA" }],
  more: false,
};
const away = new AppError("SALESFORCE_UNAVAILABLE", "down");

const now = new Date("2026-11-25T08:00:00Z");

function start(
  resolve: () => Promise<ResolveCaseReply>,
  failures = 0,
  ofJob: Partial<LinkJob> = {},
) {
  const posted: CaseLinkRequestedEvent[] = [];
  const asked: unknown[] = [];
  const notified: unknown[] = [];
  let left = failures;
  const run = () =>
    resolveAndLink(
      {
        resolve: async (request, { account, deadline }) => {
          asked.push([account, request]);
          expect(deadline.remainingMs()).toBeGreaterThan(60_000);
          return resolve();
        },
        webhook: {
          post: async (event) => {
            posted.push(event);
            left -= 1;
            if (left >= 0) throw new AppError("ZENDESK_UNAVAILABLE", "busy");
          },
        },
        now: () => now,
        notifyAgents: async (reply, about, { priority }) => {
          notified.push([reply, about, priority]);
          left -= 1;
          if (left >= 0) throw new AppError("ZENDESK_UNAVAILABLE", "busy");
        },
        log: silentLog,
      },
      { ...job, ...ofJob },
    );
  return { run, posted, asked, notified };
}

describe("resolveAndLink", () => {
  it("asks for the link of the case that it found", async () => {
    const { run, posted, asked } = start(async () => matched);
    await run();
    expect(asked).toEqual([["acme", job.request]]);
    expect(posted).toEqual([
      { event_id: "link-1", action: "link", ticket_id: "12", case_id: CASE },
    ]);
  });

  it.each<ResolveCaseReply>([
    { outcome: "none", ticket_id: "12", case_id: null, reason: "no_candidate" },
    { outcome: "ticket_not_found", ticket_id: "12", case_id: null },
  ])("asks for nothing after %j, and notifies nobody", async (reply) => {
    const { run, posted, notified } = start(async () => reply);
    await run();
    expect([posted, notified]).toEqual([[], []]);
  });

  it("has the agents notified of several cases, and asks for no link", async () => {
    const { run, posted, notified } = start(async () => ambiguous);
    await run();
    expect(posted).toEqual([]);
    expect(notified).toEqual([[ambiguous, job, "backfill"]]);
  });

  it("fails while the agents cannot be notified, so that the queue runs it again", async () => {
    const { run, notified } = start(async () => ambiguous, 1);
    await expect(run()).rejects.toMatchObject({ code: "ZENDESK_UNAVAILABLE" });
    await run();
    expect(notified).toHaveLength(2);
  });

  it.each([
    ["2026-11-25T08:00:01.000Z", "is tried again"],
    ["2026-11-25T08:00:00.000Z", "is dropped"],
  ])("a ticket that is not there, fresh until %s, %s", async (freshUntil, what) => {
    const reply = { outcome: "ticket_not_found", ticket_id: "12", case_id: null } as const;
    const { run, posted } = start(async () => reply, 0, { freshUntil });
    const done = await run().then(
      () => "is dropped",
      ({ code }: AppError) => (code === "ZENDESK_UNAVAILABLE" ? "is tried again" : code),
    );
    expect([done, posted]).toEqual([what, []]);
  });

  it("fails while Salesforce is away, so that the queue runs it again", async () => {
    const { run, posted } = start(async () => {
      throw away;
    });
    await expect(run()).rejects.toBe(away);
    expect(posted).toEqual([]);
  });

  it("asks under the same event id when the answer was lost", async () => {
    const { run, posted } = start(async () => matched, 1);
    await expect(run()).rejects.toMatchObject({ code: "ZENDESK_UNAVAILABLE" });
    await run();
    expect(posted.map(({ event_id: id }) => id)).toEqual(["link-1", "link-1"]);
  });

  it("waits for a webhook that the server does not know any more", async () => {
    const resolve = async () => matched;
    await expect(
      resolveAndLink(
        {
          resolve,
          webhook: undefined,
          notifyAgents: async () => {},
          now: () => now,
          log: silentLog,
        },
        job,
      ),
    ).rejects.toMatchObject({ code: "WEBHOOK_NOT_CONFIGURED" });
  });
});

describe("requestLink", () => {
  it("promises in the transaction of the record, with the whole question", async () => {
    const { db } = await freshDatabase();
    const jobs: LinkJob[] = [];
    const enqueueLink = async (_trx: unknown, promised: LinkJob) => void jobs.push(promised);
    const context = { account: "acme", requestId: "r", idempotencyKey: "S:1" };
    const deps = { canAskForLinks: true, enqueueLink, now: () => now };
    const work = await requestLink(deps, job.request, context);
    expect([work.answer, jobs]).toEqual([{ outcome: "accepted", ticket_id: "12" }, []]);
    await db.transaction().execute(async (trx) => runCommit(work, trx));
    await db.transaction().execute(async (trx) => runCommit(work, trx));
    expect(jobs[0]).toEqual({
      ...job,
      eventId: expect.stringMatching(/^link-[0-9a-f]{32}$/) as string,
      freshUntil: "2026-11-25T08:02:00.000Z",
    });
    expect(jobs[1]).toEqual(jobs[0]);
  });

  it("refuses what nobody could keep", async () => {
    const context = { account: "acme", requestId: "r", idempotencyKey: "S:1" };
    const deps = { canAskForLinks: false, enqueueLink: async () => {}, now: () => now };
    await expect(requestLink(deps, job.request, context)).rejects.toMatchObject({
      code: "WEBHOOK_NOT_CONFIGURED",
      status: 501,
      retryable: false,
    });
  });
});
