/** Do writes say what Zendesk is to do, and is every answer to them understood? */
import nock from "nock";
import { describe, expect, it } from "vitest";
import { createZendeskWriter } from "#remotes/zendesk/writer";
import { play, remoteCall, useVendorWire, ZENDESK, zendeskOnWire } from "#test/support/vendor-wire";

useVendorWire();

const TAGS = "/api/v2/tickets/12/tags.json";
const TICKET = "/api/v2/tickets/12.json";
const writer = () => createZendeskWriter(zendeskOnWire());
const note = { text: "a\nb", seenAt: new Date("2026-11-20T09:00:00.000Z") };

describe("a tag", () => {
  const addTag = () => writer().addTags("12", ["new"], remoteCall());

  it("is added, not put in the place of the others", async () => {
    const reqheaders = { "content-type": "application/json", "x-request-id": "request-1" };
    const server = nock(ZENDESK, { reqheaders });
    server.put(TAGS, { tags: ["new"] }).reply(200, { tags: ["vip", "new"] });
    expect(await addTag()).toBe("written");
  });

  it("that met another write is for the caller to try again", async () => {
    // As often as it is sent.
    nock(ZENDESK).put(TAGS).times(5).reply(409, { error: "UpdateConflict" });
    await expect(addTag()).rejects.toMatchObject({ code: "ZENDESK_UNAVAILABLE" });
  });
});

describe("a note", () => {
  it("is private and for the state that was seen only, and each recorded answer has a name", async () => {
    play("zendesk/notes");
    const written: string[] = [];
    for (let sent = 0; sent < 6; sent += 1) {
      written.push(await writer().addNote("12", note, remoteCall()));
    }
    expect(written).toEqual([
      "written",
      "not_found",
      "closed",
      "requester_suspended",
      "too_many_comments",
      "conflict",
    ]);
  });

  it.each([
    ["500", 500, {}, false],
    ["503 with a time to come again", 503, { "retry-after": "0" }, false],
    ["429", 429, { "retry-after": "0" }, true],
  ])(
    "is sent again only when it surely was not written: %s",
    async (_what, status, headers, isSentAgain) => {
      nock(ZENDESK).put(TICKET).reply(status, {}, headers);
      if (isSentAgain) nock(ZENDESK).put(TICKET).reply(200, { ticket: {} });
      const written = await writer()
        .addNote("12", note, remoteCall())
        .catch(() => "failed");
      expect(written).toBe(isSentAgain ? "written" : "failed");
    },
  );
});
