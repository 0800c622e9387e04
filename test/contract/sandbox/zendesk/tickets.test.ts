import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

const idsOf = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);
const hasFile = (comment: { attachments: readonly unknown[] }) => comment.attachments.length > 0;

describe("reading tickets", () => {
  let desk: DeskFixture;

  beforeAll(async () => {
    desk = await openDesk({ tickets: 30 });
  });
  afterAll(() => desk.close());

  it.each(["/tickets/1001", "/tickets/1001.json"])("answers %s", async (path) => {
    const { status, body } = await desk.call(path);
    expect(status).toBe(200);
    expect(body.ticket).toMatchObject({
      id: 1001,
      url: `${desk.url}/api/v2/tickets/1001.json`,
      description: desk.data.tickets[0]!.comments[0]!.body,
      raw_subject: desk.data.tickets[0]!.subject,
      via: { channel: desk.data.tickets[0]!.channel },
    });
    expect(body.ticket.fields).toEqual(body.ticket.custom_fields);
    expect(body.ticket).not.toHaveProperty("comments");
  });

  it("adds the people of a ticket when asked", async () => {
    const { body } = await desk.call("/tickets/1001?include=users");
    const { requester_id, assignee_id } = body.ticket;
    expect(idsOf(body.users)).toEqual([requester_id, assignee_id]);
  });

  it.each(["/tickets/4711", "/tickets/abc", "/tickets/4711/comments", "/users/1"])(
    "answers 404 RecordNotFound for %s",
    async (path) => {
      const { status, body } = await desk.call(path);
      expect(status).toBe(404);
      expect(body).toEqual({ error: "RecordNotFound", description: "Not found" });
    },
  );

  it("answers 404 InvalidEndpoint for a path that is not served", async () => {
    const { status, body } = await desk.call("/macros.json");
    expect([status, body.error]).toEqual([404, "InvalidEndpoint"]);
  });

  it("walks the list by cursor, forwards and back", async () => {
    const first = await desk.call("/tickets.json?page[size]=12");
    expect(idsOf(first.body.tickets)).toEqual(Array.from({ length: 12 }, (_, n) => 1001 + n));
    expect(first.body.meta.has_more).toBe(true);
    expect(first.body.links.prev).toBeNull();
    const second = await desk.call(first.body.links.next);
    const third = await desk.call(second.body.links.next);
    expect(idsOf(third.body.tickets)).toEqual([1025, 1026, 1027, 1028, 1029, 1030]);
    expect(third.body.meta.has_more).toBe(false);
    expect(third.body.links.next).toBeNull();
    const back = await desk.call(third.body.links.prev);
    expect(idsOf(back.body.tickets)).toEqual(idsOf(second.body.tickets));
  });

  it("pages by offset with a count", async () => {
    const { body } = await desk.call("/tickets.json?page=2&per_page=20&sort_by=id");
    expect(idsOf(body.tickets)).toEqual(Array.from({ length: 10 }, (_, n) => 1021 + n));
    expect(body.count).toBe(30);
    expect(body.next_page).toBeNull();
    expect(body.previous_page).toContain("page=1");
  });

  it.each([
    ["sort=-updated_at&page[size]=30", (t: { updated_at: string }) => t.updated_at],
    ["sort_by=updated_at&sort_order=desc", (t: { updated_at: string }) => t.updated_at],
  ])("sorts by %s", async (query, keyOf) => {
    const { body } = await desk.call(`/tickets?${query}`);
    const keys = body.tickets.map(keyOf);
    expect(keys).toEqual(keys.toSorted().toReversed());
  });

  it("ignores offset sorting under a cursor without a word", async () => {
    const { status, body } = await desk.call("/tickets?page[size]=5&sort_by=id&sort_order=desc");
    expect(status).toBe(200);
    expect(idsOf(body.tickets)).toEqual([1001, 1002, 1003, 1004, 1005]);
  });

  it.each([
    ["page=101", "InvalidPaginationDepth"],
    ["page[size]=10&sort=subject", "InvalidPaginationParameter"],
    ["page[size]=none", "InvalidPaginationParameter"],
    ["page[size]=10&page[after]=garbage", "InvalidPaginationParameter"],
    ["page=0", "InvalidPaginationParameter"],
  ])("refuses %s with %s", async (query, code) => {
    const { status, body } = await desk.call(`/tickets?${query}`);
    expect([status, body.errors[0]!.code]).toEqual([400, code]);
  });

  it("shows many at once and passes over those that do not exist", async () => {
    const { body } = await desk.call("/tickets/show_many.json?ids=1002,4711,1001");
    expect(idsOf(body.tickets)).toEqual([1002, 1001]);
    expect(body.count).toBe(2);
  });

  it("refuses more than a hundred ids", async () => {
    const ids = Array.from({ length: 101 }, (_, n) => n + 1).join(",");
    expect((await desk.call(`/tickets/show_many?ids=${ids}`)).status).toBe(400);
  });

  it("counts tickets", async () => {
    const { body } = await desk.call("/tickets/count.json");
    expect(body.count).toEqual({ value: 30, refreshed_at: "2026-03-02T10:00:05Z" });
  });

  it("finds tickets by external id", async () => {
    const wanted = desk.data.tickets.find(({ external_id }) => external_id !== null)!;
    const { body } = await desk.call(`/tickets?external_id=${wanted.external_id}`);
    expect(idsOf(body.tickets)).toEqual([wanted.id]);
  });

  it("takes a comment of an author whom nobody knows as the caller's own", async () => {
    const { status } = await desk.call("/tickets/1003.json", {
      method: "PUT",
      body: { ticket: { comment: { body: "From nobody", author_id: 999_999_999 } } },
    });
    expect(status).toBe(200);
    const { body } = await desk.call("/tickets/1003/comments.json?page[size]=100");
    const admin = desk.data.agents.find(({ email }) => email === desk.adminEmail)!;
    const written = body.comments.find((comment) => comment.body === "From nobody");
    expect(written).toMatchObject({ author_id: admin.id });
  });

  it("pages comments by cursor, newest first, with their authors", async () => {
    const ticket = desk.data.tickets.find(({ comments }) => comments.length > 4)!;
    const path = `/tickets/${ticket.id}/comments.json?page[size]=3&sort=-created_at&include=users`;
    const { body } = await desk.call(path);
    const newest = ticket.comments.toReversed().slice(0, 3);
    expect(idsOf(body.comments)).toEqual(idsOf(newest));
    expect(new Set(idsOf(body.users))).toEqual(new Set(newest.map(({ author_id }) => author_id)));
    expect(body.meta.has_more).toBe(true);
  });

  it("writes a comment out with HTML, visibility and files", async () => {
    const ticket = desk.data.tickets.find(({ comments }) => comments.some(hasFile))!;
    const withFile = ticket.comments.find(hasFile)!;
    const { body } = await desk.call(`/tickets/${ticket.id}/comments`);
    const written = body.comments.find(({ id }) => id === withFile.id)!;
    expect(written.type).toBe("Comment");
    expect(written.public).toBe(withFile.public);
    expect(written.html_body).toContain("zd-comment");
    expect(written.attachments[0]).toMatchObject({
      file_name: withFile.attachments[0]!.file_name,
      malware_scan_result: "malware_not_found",
    });
  });

  it.each([
    ["/groups.json", "groups"],
    ["/ticket_fields.json", "ticket_fields"],
    ["/brands", "brands"],
    ["/organizations", "organizations"],
    ["/users?role[]=admin", "users"],
  ] as const)("lists %s", async (path, name) => {
    const { status, body } = await desk.call(path);
    expect(status).toBe(200);
    expect(body.count).toBe(body[name].length);
    expect(body[name].length).toBeGreaterThan(0);
  });

  it("shows one organization", async () => {
    const [organization] = desk.data.organizations;
    const { body } = await desk.call(`/organizations/${organization!.id}.json`);
    expect(body.organization.name).toBe(organization!.name);
  });

  it("finds people by address, whatever its letters' case", async () => {
    const customer = desk.data.endUsers.find(({ email }) => email !== null)!;
    const query = encodeURIComponent(`email:${customer.email!.toUpperCase()}`);
    const { body } = await desk.call(`/users/search.json?query=${query}`);
    expect(body.users).toMatchObject([{ id: customer.id, email: customer.email }]);
  });
});

describe("writing tickets", () => {
  let desk: DeskFixture;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 30 });
    return () => desk.close();
  });

  const writable = (): number => desk.data.tickets.find(({ status }) => status === "open")!.id;
  const put = (id: number, ticket: unknown) =>
    desk.call(`/tickets/${id}.json`, { method: "PUT", body: { ticket } });
  const post = (ticket: unknown, headers: Record<string, string> = {}) =>
    desk.call("/tickets.json", {
      method: "POST",
      body: { ticket },
      headers: { ...desk.bearer(["write"]), ...headers },
    });

  it("creates a ticket for a new requester and says where it is", async () => {
    const { status, headers, body } = await post({
      subject: "Lost parcel",
      comment: { body: "Where is it?" },
      requester: { name: "Ada Byron", email: "ada@byron.example" },
      priority: "high",
      tags: ["VIP", "late"],
    });
    expect(status).toBe(201);
    expect(headers.get("location")).toBe(`${desk.url}/api/v2/tickets/1031.json`);
    expect(body.ticket).toMatchObject({
      id: 1031,
      status: "new",
      priority: "high",
      tags: ["late", "vip"],
      description: "Where is it?",
      via: { channel: "api" },
    });
    expect(body.audit.events[0]).toMatchObject({ type: "Comment", body: "Where is it?" });
    const requester = await desk.call(`/users/${body.ticket.requester_id}`);
    expect(requester.body.user).toMatchObject({ email: "ada@byron.example", role: "end-user" });
  });

  it("knows a requester by address, whatever its letters' case", async () => {
    const customer = desk.data.endUsers.find(({ email }) => email !== null)!;
    const email = customer.email!.toUpperCase();
    const { body } = await post({ comment: { body: "Hi" }, requester: { name: "Me", email } });
    expect(body.ticket.requester_id).toBe(customer.id);
  });

  it("emits the events of a creation under one sequence", async () => {
    await post({ comment: { body: "Hello" }, priority: "low", status: "open" });
    const events = desk.updates[0]!.map((event) => event.input.ticket_event);
    expect(events.map(({ type }) => type)).toEqual([
      "Ticket Created",
      "Comment Created",
      "Priority Changed",
      "Status Changed",
    ]);
    expect(events.map(({ meta }) => meta.sequence.position)).toEqual([1, 2, 3, 4]);
    expect(new Set(events.map(({ meta }) => meta.sequence.total))).toEqual(new Set([4]));
    expect(new Set(events.map(({ meta }) => meta.sequence.id)).size).toBe(1);
  });

  it("answers the first answer again under the same idempotency key for two hours", async () => {
    const ticket = { comment: { body: "Once" } };
    const key = { "idempotency-key": "k-1" };
    const first = await post(ticket, key);
    const second = await post(ticket, key);
    expect(first.headers.get("x-idempotency-lookup")).toBe("miss");
    expect(second.headers.get("x-idempotency-lookup")).toBe("hit");
    expect(second.body).toEqual(first.body);
    expect(second.status).toBe(201);
    expect(desk.zendesk.tickets.count()).toBe(31);

    const other = await post({ comment: { body: "Other" } }, key);
    expect([other.status, other.body.error]).toEqual([400, "IdempotentRequestError"]);

    desk.clock.advance(2 * 3_600_000);
    const third = await post(ticket, key);
    expect(third.headers.get("x-idempotency-lookup")).toBe("miss");
    expect(third.body.ticket.id).not.toBe(first.body.ticket.id);
  });

  it.each([
    ["no comment", { subject: "x" }, 422, "description"],
    ["an empty comment", { comment: { body: "  " } }, 422, "description"],
    ["an unknown requester", { comment: { body: "x" }, requester_id: 5 }, 422, "requester"],
    [
      "a customer as assignee",
      { comment: { body: "x" }, assignee_id: 412203118940561 },
      422,
      "assignee",
    ],
    ["an unknown status", { comment: { body: "x" }, status: "done" }, 422, "status"],
    ["an unknown group", { comment: { body: "x" }, group_id: 5 }, 422, "group"],
    [
      "a bad address",
      { comment: { body: "x" }, requester: { name: "A", email: "a" } },
      422,
      "requester",
    ],
  ])("refuses a new ticket with %s", async (_, ticket, status, field) => {
    const answer = await post(ticket);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toBe("RecordInvalid");
    expect(Object.keys(answer.body.details)).toEqual([field]);
    expect(desk.zendesk.tickets.count()).toBe(30);
  });

  it.each([
    ["no ticket member", { nothing: 1 }],
    ["a ticket that is a list", { ticket: [] }],
    ["a subject that is a number", { ticket: { subject: 1, comment: { body: "x" } } }],
    [
      "uploads, which the stand-in does not take",
      { ticket: { comment: { body: "x", uploads: ["t"] } } },
    ],
  ])("refuses %s with 400", async (_, body) => {
    expect((await desk.call("/tickets", { method: "POST", body })).status).toBe(400);
  });

  it("updates, records who changed what, and has no generated_timestamp outside exports", async () => {
    const id = writable();
    const { status, body } = await put(id, {
      status: "solved",
      comment: { html_body: "<p>Fixed &amp; done</p>", public: false },
    });
    expect(status).toBe(200);
    expect(body.ticket).toMatchObject({
      status: "solved",
      updated_at: "2026-03-02T10:00:05Z",
    });
    for (const path of [
      `/tickets/${id}`,
      "/tickets?page[size]=5",
      `/tickets/show_many?ids=${id}`,
    ]) {
      expect(JSON.stringify((await desk.call(path)).body)).not.toContain("generated_timestamp");
    }
    expect(body.ticket).not.toHaveProperty("generated_timestamp");
    expect(body.audit.events).toMatchObject([
      {
        type: "Comment",
        body: "Fixed & done",
        html_body: "<p>Fixed &amp; done</p>",
        public: false,
      },
      { type: "Change", field_name: "status", value: "solved", previous_value: "open" },
    ]);
    const audits = await desk.call(`/tickets/${id}/audits`);
    expect(audits.body.audits.at(-1)).toEqual(body.audit);
  });

  it("takes words of its own in any letters, and keeps them in small ones", async () => {
    const { body } = await put(writable(), { status: "SOLVED", priority: "Urgent", type: "TASK" });
    expect(body.ticket).toMatchObject({ status: "solved", priority: "urgent", type: "task" });
  });

  it("changes nothing and emits nothing when nothing is different", async () => {
    const id = writable();
    const before = desk.zendesk.tickets.get(String(id))!;
    const { body } = await put(id, { status: "open" });
    expect(body.ticket.updated_at).toBe(before.updated_at);
    expect(desk.updates).toEqual([]);
  });

  it("takes a comment's visibility from the first comment when it is not said", async () => {
    const created = await post({ comment: { body: "secret", public: false } });
    const { body } = await put(created.body.ticket.id, { comment: { body: "more" } });
    expect(body.audit.events[0]!.public).toBe(false);
  });

  it("cuts a comment at 64 kB without a word, never through a character", async () => {
    const { body } = await put(writable(), { comment: { body: "é".repeat(40_000) } });
    expect(body.audit.events[0]!.body).toBe("é".repeat(32_768));
  });

  it("strips HTML from a plain body", async () => {
    const { body } = await put(writable(), { comment: { body: "a <b>bold</b> word, 1 < 2" } });
    expect(body.audit.events[0]!.body).toBe("a bold word, 1 < 2");
  });

  it.each([true, false])(
    "refuses an outdated safe update (safe_update: %s)",
    async (safe_update) => {
      const id = writable();
      const { updated_at } = desk.zendesk.tickets.get(String(id))!;
      const stale = await put(id, {
        safe_update,
        updated_stamp: "2020-01-01T00:00:00Z",
        priority: "urgent",
      });
      expect([stale.status, stale.body.error]).toEqual([409, "UpdateConflict"]);
      const fresh = await put(id, { safe_update, updated_stamp: updated_at, tags: ["seen"] });
      expect(fresh.status).toBe(200);
    },
  );

  it("refuses to change a closed ticket, which can still be read", async () => {
    const id = writable();
    await put(id, { status: "closed" });
    const { status, body } = await put(id, { priority: "low" });
    expect(status).toBe(422);
    expect(body.details["status"]![0]!.description).toBe("closed prevents ticket update");
    expect((await desk.call(`/tickets/${id}`)).status).toBe(200);
  });

  it("adds, replaces and removes tags", async () => {
    const id = writable();
    const tags = (method: string, list: string[]) =>
      desk.call(`/tickets/${id}/tags.json`, { method, body: { tags: list } });
    expect((await tags("POST", ["b", "a"])).status).toBe(201);
    expect((await tags("PUT", ["c"])).body).toEqual({ tags: ["a", "b", "c"] });
    expect((await tags("DELETE", ["b"])).status).toBe(204);
    expect((await desk.call(`/tickets/${id}/tags`)).body).toEqual({ tags: ["a", "c"] });
  });

  it("reads custom fields as a list and passes over unknown ones", async () => {
    const field = desk.data.ticketFields.find(({ title }) => title === "Salesforce case number")!;
    const { body } = await put(writable(), {
      custom_fields: [
        { id: field.id, value: "1026" },
        { id: 5, value: "x" },
      ],
    });
    const values = body.ticket.custom_fields;
    expect(values).toContainEqual({ id: field.id, value: "1026" });
    expect(values).toHaveLength(4);
  });
});
