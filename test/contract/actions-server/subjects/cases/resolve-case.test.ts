/** Is the right case found for every ticket of the sample world, through the real jsforce, and nothing guessed? */
import { describe, expect, it, onTestFinished } from "vitest";
import type { ResolveCaseReply, ResolveCaseRequest } from "#contract/actions/resolve-case";
import { DEFAULT_SETTINGS, type Settings } from "#contract/settings/settings";
import { createDeadline } from "#platform/deadline";
import { resolveCase } from "#subjects/cases/resolve-case";
import { CASE_NUMBER_FIELD_ID } from "#sandbox/data/ticket-fields";
import type { Truth } from "#sandbox/data/truth";
import { startPlatforms } from "../../platforms.ts";

const APPLIED: Settings = { ...DEFAULT_SETTINGS, case_number_field_id: CASE_NUMBER_FIELD_ID };

async function startResolver(tickets: number, applied = APPLIED) {
  const platforms = await startPlatforms(tickets);
  const { reader: zendesk, finder: cases } = platforms;
  const resolve = async (request: ResolveCaseRequest, budgetMs = 8_000) => {
    const deadline = createDeadline(budgetMs);
    onTestFinished(() => deadline.clear());
    const settingsOf = async () => applied;
    const context = { account: "acme", requestId: "r", deadline };
    return (await resolveCase({ zendesk, cases, settingsOf }, request, context)).reply;
  };
  const ticketsWhere = (outcome: Truth["outcome"], by?: string) =>
    [...platforms.data.truth].flatMap(([ticketId, truth]) =>
      truth.outcome === outcome && (truth.outcome !== "matched" || truth.by === by)
        ? [ticketId]
        : [],
    );
  return { ...platforms, resolve, ticketsWhere };
}

describe("resolveCase", () => {
  it("agrees with the truth about every ticket", async () => {
    const { data, resolve } = await startResolver(200);

    for (const [ticketId, truth] of data.truth) {
      const reply = await resolve({ ticket_id: ticketId });
      expect({ ticketId, found: toTruth(reply) }).toEqual({ ticketId, found: truth });
    }
  });

  it("takes the settings that a request brings, and null for none", async () => {
    const { resolve, ticketsWhere } = await startResolver(100);
    const [ticketId = ""] = ticketsWhere("matched", "case_number");

    expect(await resolve({ ticket_id: Number(ticketId) })).toMatchObject({
      ticket_id: ticketId,
      matched_by: "case_number",
    });
    const without = await resolve({
      ticket_id: ticketId,
      case_number_field_id: null,
      case_external_id_field: null,
    });
    expect(without).not.toMatchObject({ matched_by: "case_number" });
    expect(without).not.toMatchObject({ matched_by: "external_id" });
    expect(
      await resolve({ ticket_id: ticketId, case_number_field_id: CASE_NUMBER_FIELD_ID + 1 }),
    ).not.toMatchObject({ matched_by: "case_number" });
  });

  it("takes the settings of the account where the request says nothing", async () => {
    const { resolve, ticketsWhere } = await startResolver(100, {
      ...DEFAULT_SETTINGS,
      match_order: ["case_number"],
    });
    const [ticketId = ""] = ticketsWhere("matched", "case_number");
    // The account names no field, and leaves the other ways out.
    expect(await resolve({ ticket_id: ticketId })).toMatchObject({
      outcome: "none",
      reason: "nothing_to_look_for",
    });
    expect(
      await resolve({ ticket_id: ticketId, case_number_field_id: CASE_NUMBER_FIELD_ID }),
    ).toMatchObject({ matched_by: "case_number" });
    expect(await resolve({ ticket_id: ticketId, match_order: ["external_id"] })).not.toMatchObject({
      matched_by: "case_number",
    });
  });

  it("looks only in the ways that are asked for, and says whether it could look", async () => {
    const { salesforce, resolve, ticketsWhere } = await startResolver(100);
    const [withNumber = ""] = ticketsWhere("matched", "case_number");
    const byEmail = ticketsWhere("matched", "requester_email");
    expect(
      await resolve({ ticket_id: withNumber, match_order: ["requester_email", "case_number"] }),
    ).toMatchObject({ outcome: expect.stringMatching(/matched|ambiguous/) });
    const before = salesforce.usage();
    expect(await resolve({ ticket_id: byEmail[0] ?? "", match_order: ["case_number"] })).toEqual({
      outcome: "none",
      ticket_id: byEmail[0],
      case_id: null,
      reason: "nothing_to_look_for",
    });
    expect(salesforce.usage()).toBe(before);
    expect(
      await resolve({ ticket_id: byEmail[0] ?? "", match_order: ["external_id"] }),
    ).toMatchObject({ outcome: "none", reason: "no_candidate" });
  });

  it("asks Salesforce no further once a case is found", async () => {
    const { salesforce, resolve, ticketsWhere } = await startResolver(100);
    const [ticketId = ""] = ticketsWhere("matched", "case_number");
    await resolve({ ticket_id: ticketId });
    expect(salesforce.usage()).toBe(1);
  });

  it("says that there is no such ticket", async () => {
    const { salesforce, resolve } = await startResolver(1);
    expect(await resolve({ ticket_id: 999_999 })).toEqual({
      outcome: "ticket_not_found",
      ticket_id: "999999",
      case_id: null,
    });
    expect(salesforce.usage()).toBe(0);
  });

  it("names the field of Case that does not exist", async () => {
    const { resolve, ticketsWhere } = await startResolver(100);
    const [ticketId = ""] = ticketsWhere("none");
    await expect(
      resolve({ ticket_id: ticketId, case_external_id_field: "Nowhere__c" }),
    ).rejects.toMatchObject({
      code: "SALESFORCE_REFUSED",
      message:
        "Salesforce answered 400 (INVALID_FIELD: No such column 'Nowhere__c' on entity 'Case')",
    });
  });

  it("goes on after both platforms ended their sessions", async () => {
    const { zendesk, salesforce, resolve } = await startResolver(2);
    await resolve({ ticket_id: 1001 });
    zendesk.revokeTokens();
    salesforce.revokeTokens();
    expect(await resolve({ ticket_id: 1001 })).toMatchObject({ ticket_id: "1001" });
  });

  it.each([
    [
      "Zendesk is busy",
      "zendesk",
      { status: 429, headers: { "retry-after": "30" } },
      "ZENDESK_UNAVAILABLE",
    ],
    ["Zendesk is down", "zendesk", { drop: "before" }, "ZENDESK_UNAVAILABLE"],
    [
      "Zendesk forbids",
      "zendesk",
      { status: 403, body: { error: "Forbidden" } },
      "ZENDESK_REFUSED",
    ],
    ["Salesforce is down", "salesforce", { status: 503 }, "SALESFORCE_UNAVAILABLE"],
    ["Salesforce is cut off", "salesforce", { drop: "before" }, "SALESFORCE_UNAVAILABLE"],
    ["Salesforce is silent", "salesforce", { delayMs: 5_000 }, "SALESFORCE_UNAVAILABLE"],
  ] as const)("says so inside its budget when %s", async (_what, platform, fault, code) => {
    const platforms = await startResolver(2);
    platforms[platform].faults.add({ path: "*", ...fault });
    const started = performance.now();
    await expect(platforms.resolve({ ticket_id: 1001 }, 1_000)).rejects.toMatchObject({ code });
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

function toTruth(reply: ResolveCaseReply): unknown {
  if (reply.outcome === "matched") {
    return { outcome: "matched", caseId: reply.case_id, by: reply.matched_by };
  }
  if (reply.outcome === "ambiguous") {
    const caseIds = reply.candidates.map(({ id }) => id).toSorted();
    return { outcome: "ambiguous", caseIds };
  }
  return { outcome: reply.outcome };
}
