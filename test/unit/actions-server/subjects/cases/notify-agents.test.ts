/** Are agents notified of several cases as the settings say, under the key of the event? */
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, type Settings } from "#contract/settings/settings";
import { createDeadline } from "#platform/deadline";
import type { LinkJob } from "#subjects/cases/request-link";
import { notifyAgents, notificationOf, type AmbiguousReply } from "#subjects/cases/notify-agents";
import { silentLog } from "#test/support/silent-log";

const found: AmbiguousReply = {
  outcome: "ambiguous",
  ticket_id: "12",
  case_id: null,
  matched_by: "requester_email",
  candidates: ["1", "2"].map((number) => ({
    id: `50000000000000${number}AAA`,
    number,
    subject: null,
    status: null,
    is_closed: false,
  })),
  more: false,
};
const job: LinkJob = {
  account: "acme",
  request: { ticket_id: 12 },
  eventId: "link-1",
  requestId: "r",
  key: "S:1",
};

async function notify(settings: Settings | undefined, ofJob = job) {
  const asked: unknown[] = [];
  const deadline = createDeadline(1_000);
  try {
    await notifyAgents(
      {
        settingsOf: async () => settings,
        annotate: async (request, { account, idempotencyKey, priority }) => {
          asked.push([request, { account, idempotencyKey, priority }]);
          return { answer: { outcome: "annotated", ticket_id: String(request.ticket_id) } };
        },
        log: silentLog,
      },
      found,
      ofJob,
      { requestId: "r", deadline, priority: "backfill" },
    );
  } finally {
    deadline.clear();
  }
  return asked;
}

describe("notificationOf", () => {
  it.each([
    [undefined, "note"],
    [{ on_ambiguous: "nothing" as const }, "nothing"],
    [{ on_ambiguous: "tag" as const }, "tag"],
    [{ on_ambiguous: "note" as const }, "note"],
    [{ on_ambiguous: "note" as const, enabled: false }, "nothing"],
  ])("says of %j: %s", (changes, telling) => {
    expect(notificationOf(changes && { ...DEFAULT_SETTINGS, ...changes })).toBe(telling);
  });
});

describe("notifyAgents", () => {
  it("annotates under the key of the event, behind all others", async () => {
    expect(await notify({ ...DEFAULT_SETTINGS, on_ambiguous: "tag" })).toEqual([
      [
        { ticket_id: 12, telling: "tag", reason: "ambiguous_case", candidates: found.candidates },
        { account: "acme", idempotencyKey: "S:1", priority: "backfill" },
      ],
    ]);
  });

  it("knows a job of an older server by its event", async () => {
    const { key: _key, ...older } = job;
    expect(await notify(undefined, older)).toEqual([
      [expect.anything(), expect.objectContaining({ idempotencyKey: "link-1" })],
    ]);
  });

  it("leaves the ticket alone when the settings say so", async () => {
    expect(await notify({ ...DEFAULT_SETTINGS, on_ambiguous: "nothing" })).toEqual([]);
  });
});
