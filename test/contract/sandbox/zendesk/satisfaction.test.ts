/** Ratings of the older kind and responses to surveys: who gives them, how they are read, what they change. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient, send, type DeskClient } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("satisfaction", () => {
  let desk: DeskFixture;
  let client: DeskClient;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 12 });
    client = openClient(desk);
  });
  afterEach(() => desk.close());

  // The client's types call these synchronous.
  const listed = () => Promise.resolve<unknown>(client.satisfactionratings.list());
  const received = () => Promise.resolve<unknown>(client.satisfactionratings.received());

  it("shows a rating beside and on its ticket, whose clocks it moves without an event", async () => {
    const ticket = desk.data.tickets[1]!;
    desk.zendesk.customers.offer("1002");
    desk.clock.advance(60_000);
    const { id } = desk.zendesk.customers.rate("1002", "bad", "Too slow");
    expect(await listed()).toMatchObject([
      {
        id,
        ticket_id: 1002,
        requester_id: ticket.requester_id,
        assignee_id: ticket.assignee_id,
        group_id: ticket.group_id,
        score: "bad",
        comment: "Too slow",
        created_at: "2026-03-02T10:00:05Z",
        updated_at: "2026-03-02T10:01:05Z",
      },
    ]);
    const { result } = await client.tickets.show(1002);
    expect(result).toMatchObject({
      satisfaction_rating: { id, score: "bad", comment: "Too slow" },
      updated_at: "2026-03-02T10:01:05Z",
    });
    expect(desk.updates).toEqual([]);
    expect((await client.satisfactionratings.show(id)).result).toMatchObject({
      satisfaction_rating: { id },
    });
  });

  it.each([
    ["score=received", 2],
    ["score=good", 1],
    ["score=good_with_comment", 0],
    ["score=bad_with_comment", 1],
    ["score=offered", 1],
    ["start_time=1772445666", 1],
  ])("narrows by %s", async (query, count) => {
    desk.zendesk.customers.offer("1001");
    desk.zendesk.customers.rate("1002", "good");
    desk.clock.advance(90_000);
    desk.zendesk.customers.rate("1003", "bad", "No");
    expect((await desk.call(`/satisfaction_ratings?${query}`)).body.count).toBe(count);
    expect(await received()).toHaveLength(2);
  });

  it("lets no agent rate, and only administrators read", async () => {
    const body = { satisfaction_rating: { score: "good" } };
    const path = "/tickets/1002/satisfaction_rating";
    expect((await send(desk, "POST", path, body)).status).toBe(403);
    const headers = desk.bearer(["read"], 5);
    expect((await desk.call("/satisfaction_ratings", { headers })).status).toBe(403);
  });

  it("answers surveys where the account has these, and ratings no more", async () => {
    desk.zendesk.switches.csat = "surveys";
    const { id } = desk.zendesk.customers.answerSurvey("1002", 4, "Fine");
    desk.zendesk.customers.answerSurvey("1003", null);
    const path = "/guide/survey_responses";
    const { body } = await desk.call(`${path}?filter[subject_zrns]=zen:ticket:1002`);
    expect(body).toMatchObject({
      survey_responses: [
        {
          id,
          responder_id: desk.data.tickets[1]!.requester_id,
          subject_zrns: ["zen:ticket:1002"],
          subjects: [{ id: "1002", type: "ticket", zrn: "zen:ticket:1002" }],
          expires_at: "2026-03-30T10:00:05Z",
          answers: [
            { type: "rating_scale", rating: 4, rating_category: "good" },
            { type: "open_ended", value: "Fine" },
          ],
        },
      ],
    });
    const { body: all } = await desk.call(path);
    expect(all).toMatchObject({
      survey_responses: [{}, { answers: [{ type: "skipped" }, { type: "skipped" }] }],
    });
    expect((await desk.call(`${path}/${id}`)).body).toMatchObject({ survey_response: { id } });
    expect((await desk.call("/satisfaction_ratings")).status).toBe(404);
    desk.zendesk.switches.csat = "ratings";
    expect((await desk.call(path)).status).toBe(404);
  });

  it("forgets what was said of an erased ticket", async () => {
    desk.zendesk.customers.rate("1002", "bad", "My name is Ada");
    await client.tickets.delete(1002);
    expect(await listed()).toEqual([]);
    await send(desk, "PUT", "/deleted_tickets/1002/restore");
    expect(await listed()).toHaveLength(1);
    await client.tickets.delete(1002);
    await send(desk, "DELETE", "/deleted_tickets/1002");
    desk.clock.advance(90_000);
    const { body } = await send(desk, "GET", "/incremental/tickets?start_time=0");
    expect(JSON.stringify(body)).not.toContain("Ada");
  });
});
