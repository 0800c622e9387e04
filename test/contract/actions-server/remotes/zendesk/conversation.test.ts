/** Does the reader get every conversation of the sample world whole? */
import { expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import { startPlatforms } from "../../platforms.ts";

it("reads every comment, its author and its text, in two requests a ticket", async () => {
  const { data, zendesk, reader } = await startPlatforms(60);
  const deadline = createDeadline(20_000);
  onTestFinished(() => deadline.clear());

  for (const { id } of data.zendesk.tickets) {
    const found = await reader.conversation(String(id), { deadline, requestId: "r" });

    const kept = zendesk.tickets.comments(String(id));
    expect(found?.comments.map((comment) => [comment.id, comment.body, comment.public])).toEqual(
      kept.map((comment) => [String(comment.id), comment.body, comment.public]),
    );
    const people = new Set(found?.users.map((user) => user.id));
    expect(kept.filter((comment) => !people.has(String(comment.author_id)))).toEqual([]);
    expect(people).toContain(found?.ticket.requesterId);
  }
  expect(zendesk.paths).toHaveLength(1 + 2 * data.zendesk.tickets.length);
});
