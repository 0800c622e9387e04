/** Is a note found on the newest pages of comments, and the reading bounded? */
import nock from "nock";
import { describe, expect, it } from "vitest";
import { createFindNote } from "#remotes/zendesk/comment-search";
import { remoteCall, useVendorWire, ZENDESK, zendeskOnWire } from "#test/support/vendor-wire";
import { commentRow } from "./ticket-samples.ts";

useVendorWire();

const find = () => createFindNote(zendeskOnWire())("12", "REF 1", remoteCall());

/** Zendesk answers the page after this one, newest comments first. */
function answer(
  body: nock.Body,
  { status = 200, after }: { status?: number; after?: string } = {},
) {
  const query = {
    sort: "-created_at",
    "page[size]": "100",
    ...(after && { "page[after]": after }),
  };
  nock(ZENDESK).get("/api/v2/tickets/12/comments.json").query(query).reply(status, body);
}

const page = (comments: unknown[], after_cursor: string | null = null) => ({
  comments,
  meta: { has_more: after_cursor !== null, after_cursor },
});

describe("findNote", () => {
  it("looks at the newest first and stops where it finds", async () => {
    answer(page([commentRow(8, { public: false, body: "x" })], "c"));
    answer(page([commentRow(7, { public: false, body: "x\nREF 1" })], "d"), { after: "c" });
    expect(await find()).toBe(true);
  });

  it.each([
    ["a public comment with the text", [commentRow(1, { body: "REF 1" })]],
    ["another text", [commentRow(1, { public: false, body: "REF 2" })]],
    ["no comment", []],
  ])("does not find %s", async (_what, comments) => {
    answer(page(comments));
    expect(await find()).toBe(false);
  });

  it("reads five pages, and no further", async () => {
    answer(page([commentRow(1)], "c1"));
    for (const at of [1, 2, 3, 4]) {
      answer(page([commentRow(at + 1)], `c${at + 1}`), { after: `c${at}` });
    }
    expect(await find()).toBe(false);
  });

  it("knows that there is no such ticket", async () => {
    answer({ error: "RecordNotFound" }, { status: 404 });
    expect(await find()).toBeUndefined();
  });

  it("finds it among rows of an odd form", async () => {
    const odd = [null, {}, { id: null, public: false }, commentRow(2, { created_at: null })];
    answer(page([...odd, commentRow(1, { public: false, body: "REF 1", attachments: [null] })]));
    expect(await find()).toBe(true);
  });

  it("refuses a form that it does not know", async () => {
    answer({ comments: { id: 1 }, meta: { has_more: false } });
    await expect(find()).rejects.toMatchObject({ code: "ZENDESK_REFUSED" });
  });
});
