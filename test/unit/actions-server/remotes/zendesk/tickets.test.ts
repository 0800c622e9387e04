/** Are tickets, and the times of their assignments, read in every form in which Zendesk lists them? */
import { describe, expect, it } from "vitest";
import { assignedAt } from "#remotes/zendesk/assigned-at";
import { createReadChanged } from "#remotes/zendesk/changed-tickets";
import { createRecentTickets } from "#remotes/zendesk/recent-tickets";
import { play, remoteCall, useVendorWire, zendeskOnWire } from "#test/support/vendor-wire";

useVendorWire();

describe("the export of changed tickets", () => {
  const read = (from: Parameters<ReturnType<typeof createReadChanged>>[0], size = 500) =>
    createReadChanged(zendeskOnWire())(from, size, remoteCall());

  it("gives each ticket once in its newest state, and says which it could not read", async () => {
    play("zendesk/export");
    const first = await read({ since: new Date("2026-11-20T08:00:00.900Z") });
    expect(first).toMatchObject({
      kind: "page",
      tickets: [
        { ticket: { id: "12", status: "solved" }, users: [{ name: "Rita Moss" }] },
        { ticket: { id: "13", status: "deleted", requesterId: undefined }, users: [] },
      ],
      unreadable: ["14"],
      cursor: "MTc5NTE2NTIwNS4wfHwxMw==",
      endOfStream: false,
    });
    expect(await read({ cursor: "MTc5NTE2NTIwNS4wfHwxMw==" })).toEqual({
      kind: "page",
      tickets: [],
      unreadable: [],
      cursor: undefined,
      endOfStream: true,
    });
  });

  it("asks for fewer rows after a 504 only, and does not read a page without end", async () => {
    play("zendesk/export-faults");
    expect(await read({ cursor: "c1" })).toMatchObject({
      kind: "too_much",
      error: { code: "ZENDESK_UNAVAILABLE" },
    });
    await expect(read({ cursor: "c1" }, 250)).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
      retryAfterSeconds: 38,
    });
    await expect(read({ cursor: "c1" }, 125)).rejects.toMatchObject({ code: "ZENDESK_REFUSED" });
  });
});

it("the tickets that changed last come without those that cannot be read", async () => {
  play("zendesk/recent");
  expect(await createRecentTickets(zendeskOnWire())(3, remoteCall())).toMatchObject([
    { ticket: { id: "15", channel: undefined, tags: [] }, users: [{ id: "9005" }] },
    { ticket: { id: "17", channel: "email" }, users: [{ id: "9005" }] },
  ]);
});

it("an assignment has the time of the last change of agent or group, where audits have it", async () => {
  play("zendesk/assignments");
  const times: (Date | undefined)[] = [];
  for (let asked = 0; asked < 4; asked += 1) {
    times.push(await assignedAt(zendeskOnWire(), "12", remoteCall()));
  }
  // Then: an archived ticket without audits, a scope that does not open them, a ticket that is gone.
  expect(times).toEqual([new Date("2026-11-20T08:30:00Z"), undefined, undefined, undefined]);
});
