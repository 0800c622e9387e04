import { createClient } from "node-zendesk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("the unmodified node-zendesk client", () => {
  let desk: DeskFixture;
  let client: ReturnType<typeof createClient>;

  beforeAll(async () => {
    desk = await openDesk({ tickets: 130 });
    client = createClient({
      username: desk.adminEmail,
      token: desk.apiToken,
      endpointUri: `${desk.url}/api/v2`,
    });
  });
  afterAll(() => desk.close());

  it("lists every ticket, page after page", async () => {
    const tickets = await client.tickets.list();
    expect(tickets.map(({ id }) => id)).toEqual(desk.data.tickets.map(({ id }) => id));
  });

  it("lists by cursor", async () => {
    const tickets = await client.tickets.listWithFilter("page[size]", "50");
    expect(new Set(tickets.map(({ id }: { id: number }) => id)).size).toBe(130);
  });

  it("shows a ticket and its comments", async () => {
    const { result: ticket } = await client.tickets.show(1003);
    const comments = await client.tickets.getComments(1003);
    const seeded = desk.data.tickets.find(({ id }) => id === 1003)!;
    expect(ticket.subject).toBe(seeded.subject);
    expect(comments.map((comment: { body: string }) => comment.body)).toEqual(
      seeded.comments.map(({ body }) => body),
    );
  });

  it("creates and updates a ticket", async () => {
    const { result: created } = await client.tickets.create({
      ticket: { subject: "From a client", comment: { body: "Hello" } },
    });
    const { result: updated } = await client.tickets.update(created.id, {
      ticket: { status: "solved", comment: { body: "Done", public: true } },
    });
    expect(updated.status).toBe("solved");
    expect(desk.zendesk.tickets.comments(String(created.id))).toHaveLength(2);
  });

  it("finds people and itself", async () => {
    const { result: me } = await client.users.me();
    const customer = desk.data.endUsers.find(({ email }) => email !== null)!;
    const found: unknown = await client.users.search({ query: customer.email! });
    expect(me.email).toBe(desk.adminEmail);
    expect(found).toMatchObject([{ id: customer.id }]);
  });

  it("searches tickets by what was typed and by their members", async () => {
    const seeded = desk.data.tickets.find(({ status }) => status === "pending")!;
    const word = seeded.subject.split(" ")[0]!;
    const found: { id: number; result_type: string; status: string }[] =
      await client.search.queryAll(`type:ticket status:pending ${word}`);
    expect(found.map(({ id }) => id)).toContain(seeded.id);
    expect(new Set(found.map(({ status }) => status))).toEqual(new Set(["pending"]));
    expect(new Set(found.map(({ result_type }) => result_type))).toEqual(new Set(["ticket"]));
  });

  it("reads a missing ticket as its own not-found error", async () => {
    await expect(client.tickets.show(999_999)).rejects.toThrow(
      "Zendesk Error (404): Item not found",
    );
  });
});
