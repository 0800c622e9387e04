/** Is a note found on the newest pages of comments, and the reading bounded? */
import { describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import { createOutbound } from "#platform/outbound/send";
import { Secret } from "#platform/secret";
import { createZendeskClient } from "#remotes/zendesk/client";
import { createFindNote } from "#remotes/zendesk/comment-search";
import { apiTokenCredentials } from "#remotes/zendesk/credentials";
import { commentRow } from "#test/unit/actions-server/remotes/zendesk/ticket-samples";
import { json, startScriptedServer, type Answer } from "../../scripted-server.ts";

const PATH = "/api/v2/tickets/12/comments.json?sort=-created_at&page[size]=100";

async function start(answer: (page: number) => Answer) {
  let pages = 0;
  const zendesk = await startScriptedServer(() => answer((pages += 1)));
  const outbound = createOutbound();
  onTestFinished(() => outbound.close());
  const credentials = apiTokenCredentials("admin@example.com", new Secret("secret"));
  const client = createZendeskClient({
    origin: zendesk.origin,
    credentials,
    outbound,
    random: () => 0,
  });
  const deadline = createDeadline(5_000);
  onTestFinished(() => deadline.clear());
  const find = () => createFindNote(client)("12", "REF 1", { requestId: "r", deadline });
  return { zendesk, find };
}

const page = (comments: unknown[], cursor?: string | null) =>
  json({ comments, meta: { has_more: cursor !== undefined, after_cursor: cursor ?? null } });

describe("findNote", () => {
  it("looks at the newest first and stops where it finds", async () => {
    const { zendesk, find } = await start((number) =>
      page([commentRow(9 - number, { public: false, body: number === 2 ? "x\nREF 1" : "x" })], "c"),
    );
    expect(await find()).toBe(true);
    expect(zendesk.calls.map(({ path }) => path)).toEqual([PATH, `${PATH}&page[after]=c`]);
  });

  it.each([
    ["a public comment with the text", [commentRow(1, { body: "REF 1" })]],
    ["another text", [commentRow(1, { public: false, body: "REF 2" })]],
    ["no comment", []],
  ])("does not find %s", async (_what, comments) => {
    const { find } = await start(() => page(comments));
    expect(await find()).toBe(false);
  });

  it("reads five pages, and no further", async () => {
    const { zendesk, find } = await start((number) => page([commentRow(number)], `c${number}`));
    expect(await find()).toBe(false);
    expect(zendesk.calls).toHaveLength(5);
  });

  it("knows that there is no such ticket", async () => {
    const { find } = await start(() => json({ error: "RecordNotFound" }, 404));
    expect(await find()).toBeUndefined();
  });

  it("finds it among rows of an odd form", async () => {
    const odd = [null, {}, { id: null, public: false }, commentRow(2, { created_at: null })];
    const note = commentRow(1, { public: false, body: "REF 1", attachments: [null] });
    const { find } = await start(() => page([...odd, note]));
    expect(await find()).toBe(true);
  });

  it("refuses a form that it does not know", async () => {
    const { find } = await start(() => json({ comments: { id: 1 }, meta: { has_more: false } }));
    await expect(find()).rejects.toMatchObject({ code: "ZENDESK_REFUSED" });
  });
});
