/** Do writes say what Zendesk is to do, and for which state of the ticket? */
import { describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import { createOutbound } from "#platform/outbound/send";
import { Secret } from "#platform/secret";
import { createZendeskClient } from "#remotes/zendesk/client";
import { apiTokenCredentials } from "#remotes/zendesk/credentials";
import { createZendeskWriter } from "#remotes/zendesk/writer";
import { startPlatforms } from "../../platforms.ts";
import { inTurn, json, startScriptedServer, text, type Answer } from "../../scripted-server.ts";

function call() {
  const deadline = createDeadline(2_000);
  onTestFinished(() => deadline.clear());
  return { deadline, requestId: "request-1" };
}

async function start(answer: () => Answer) {
  const zendesk = await startScriptedServer(() => answer());
  const outbound = createOutbound();
  onTestFinished(() => outbound.close());
  const writer = createZendeskWriter(
    createZendeskClient({
      origin: zendesk.origin,
      credentials: apiTokenCredentials("admin@example.com", new Secret("secret")),
      outbound,
      random: () => 0,
    }),
  );
  return { zendesk, writer };
}

const seenAt = new Date("2026-11-20T09:00:00.000Z");

describe("on the wire", () => {
  it("a tag is added, not put in the place of the others", async () => {
    const { zendesk, writer } = await start(() => json({ tags: ["vip", "new"] }));
    expect(await writer.addTags("12", ["new"], call())).toBe("written");
    expect(zendesk.calls[0]).toMatchObject({
      method: "PUT",
      path: "/api/v2/tickets/12/tags.json",
      headers: { "content-type": "application/json", "x-request-id": "request-1" },
      body: '{"tags":["new"]}',
    });
  });

  it("a note is private, and for the state that was seen only", async () => {
    const { zendesk, writer } = await start(() => json({ ticket: {}, audit: {} }));
    expect(await writer.addNote("12", { text: "a\nb", seenAt }, call())).toBe("written");
    expect(zendesk.calls[0]).toMatchObject({ method: "PUT", path: "/api/v2/tickets/12.json" });
    expect(JSON.parse(zendesk.calls[0]?.body ?? "")).toEqual({
      ticket: {
        comment: { body: "a\nb", public: false },
        safe_update: true,
        updated_stamp: "2026-11-20T09:00:00Z",
      },
    });
  });

  it("a tag that met another write is for the caller to try again", async () => {
    const { writer } = await start(() => json({ error: "UpdateConflict" }, 409));
    await expect(writer.addTags("12", ["new"], call())).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
    });
  });

  it.each([
    ["500", json({}, 500), 1],
    ["503 with a time to come again", text("", 503, { "retry-after": "0" }), 1],
    ["429", json({}, 429, { "retry-after": "0" }), 2],
  ])(
    "a note is sent again only when it surely was not written: %s",
    async (_what, failure, calls) => {
      const turn = inTurn(failure, json({ ticket: {} }));
      const { zendesk, writer } = await start(() => turn());
      const written = await writer
        .addNote("12", { text: "a", seenAt }, call())
        .catch(() => "failed");
      expect([written, zendesk.calls.length]).toEqual([calls === 2 ? "written" : "failed", calls]);
    },
  );
});

describe("against a ticket", () => {
  it("a note is refused once the ticket has changed", async () => {
    const { writer, reader, zendesk } = await startPlatforms(1);
    const seen = await reader.ticket("1001", call());
    const before = { text: "late", seenAt: new Date(seen!.ticket.updatedAt.getTime() - 1_000) };
    expect(await writer.addNote("1001", before, call())).toBe("conflict");
    const now = { text: "in time", seenAt: seen!.ticket.updatedAt };
    expect(await writer.addNote("1001", now, call())).toBe("written");
    expect(zendesk.tickets.get("1001")?.comments.at(-1)).toMatchObject({
      body: "in time",
      public: false,
    });
  });
});
