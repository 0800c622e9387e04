/** Does a note reach the ticket in the state that was seen only? */
import { expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import { startPlatforms } from "../../platforms.ts";

function call() {
  const deadline = createDeadline(2_000);
  onTestFinished(() => deadline.clear());
  return { deadline, requestId: "request-1" };
}

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
