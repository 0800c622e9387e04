import { beforeEach, describe, expect, it } from "vitest";
import { buildWorldData } from "#sandbox/data/world-data";
import { CASE_NUMBER_FIELD_ID } from "#sandbox/data/ticket-fields";
import { createAgents, type Agents } from "#sandbox/zendesk/agents";
import type { TicketEvent, ZisEvent } from "#sandbox/zendesk/events";
import type { TicketRecord } from "#sandbox/zendesk/model";
import { createStore } from "#sandbox/zendesk/store";
import type { ZendeskStore } from "#sandbox/zendesk/store-contract";

const { zendesk: data } = buildWorldData({ seed: 5, tickets: 60 });

function ticketWith(wanted: (ticket: TicketRecord) => boolean): TicketRecord {
  const ticket = data.tickets.find(wanted);
  if (!ticket) throw new Error("the sample has no such ticket");
  return ticket;
}

describe("moves of people", () => {
  let updates: ZisEvent[][];
  let store: ZendeskStore;
  let agents: Agents;

  beforeEach(() => {
    updates = [];
    let ids = 0;
    store = createStore({
      data,
      baseUrl: "https://tideway.zendesk.com",
      now: () => new Date("2026-03-02T10:00:05.750Z"),
      newId: () => `id-${(ids += 1)}`,
      onEvents: (events) => updates.push(events),
    });
    agents = createAgents(store, () => new Date("2026-03-02T10:00:05.750Z"));
  });

  const eventsOf = (update: number): TicketEvent[] =>
    updates[update]!.map((event) => event.input.ticket_event);

  it("emits a status change in the documented shape", () => {
    const ticket = ticketWith(
      ({ status, external_id }) => status === "open" && external_id === null,
    );
    agents.setStatus(String(ticket.id), "solved");
    expect(updates).toEqual([
      [
        {
          event_source: "support",
          event_type: "ticket.StatusChanged",
          input: {
            ticket_event: {
              meta: {
                version: "1.0",
                occurred_at: "2026-03-02T10:00:05Z",
                ref: expect.stringMatching(/^\d{1,2}-\d+$/) as string,
                sequence: {
                  id: expect.stringMatching(/^[0-9A-F]{32}$/) as string,
                  position: 1,
                  total: 1,
                },
              },
              type: "Status Changed",
              previous: "open",
              current: "solved",
              ticket: {
                id: ticket.id,
                created_at: ticket.created_at,
                updated_at: "2026-03-02T10:00:05Z",
                type: ticket.type,
                priority: ticket.priority,
                status: "solved",
                requester_id: ticket.requester_id,
                submitter_id: ticket.submitter_id,
                assignee_id: ticket.assignee_id,
                organization_id: ticket.organization_id,
                group_id: ticket.group_id,
                brand_id: ticket.brand_id,
                form_id: ticket.ticket_form_id,
                external_id: null,
                tags: ticket.tags,
                via: { channel: ticket.channel },
              },
            },
          },
        },
      ],
    ]);
  });

  it("gives a new ticket to whoever solves it, in one update", () => {
    const ticket = ticketWith(({ status }) => status === "new");
    agents.setStatus(String(ticket.id), "solved");
    const events = eventsOf(0);
    expect(events.map(({ type }) => type)).toEqual(["Agent Assignment Changed", "Status Changed"]);
    expect(events.map(({ meta }) => [meta.sequence.position, meta.sequence.total])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(events[0]!.meta.sequence.id).toBe(events[1]!.meta.sequence.id);
    expect(events[0]!.meta.ref).not.toBe(events[1]!.meta.ref);
    expect(events[0]!.ticket).toEqual(events[1]!.ticket);
  });

  it("opens a new ticket that gets an agent", () => {
    const ticket = ticketWith(({ status }) => status === "new");
    const agent = data.agents.at(-1)!;
    expect(agents.assign(String(ticket.id), agent.id)).toMatchObject({
      status: "open",
      assignee_id: agent.id,
    });
  });

  it("emits a reply with its author, as staff or not", () => {
    const ticket = ticketWith(({ status }) => status === "open");
    agents.reply(String(ticket.id), "On its way", { public: false });
    agents.reply(String(ticket.id), "Thanks", { public: true, authorId: ticket.requester_id });
    expect(eventsOf(0)).toMatchObject([
      {
        type: "Comment Created",
        comment: {
          body: "On its way",
          is_public: false,
          author: { id: ticket.assignee_id, is_staff: true },
        },
      },
    ]);
    expect(eventsOf(1)).toMatchObject([
      { comment: { body: "Thanks", author: { id: ticket.requester_id, is_staff: false } } },
    ]);
    expect(store.ticket(ticket.id)!.comments).toHaveLength(ticket.comments.length + 2);
  });

  it.each(["pending", "hold", "solved"] as const)(
    "opens a %s ticket when the customer replies",
    (status) => {
      const ticket = ticketWith((candidate) => candidate.status === status);
      const after = agents.reply(String(ticket.id), "Not yet!", {
        public: true,
        authorId: ticket.requester_id,
      });
      expect(after.status).toBe("open");
      expect(eventsOf(0).map(({ type }) => type)).toEqual(["Comment Created", "Status Changed"]);
    },
  );

  it("names which tags came, each once", () => {
    const ticket = ticketWith(({ status, tags }) => status === "open" && !tags.includes("vip"));
    agents.addTags(String(ticket.id), ["vip", "vip", ticket.tags[0]!]);
    expect(eventsOf(0)).toMatchObject([
      { type: "Tags Changed", tags_added: ["vip"], tags_removed: [] },
    ]);
  });

  it("names the custom field that changed", () => {
    const ticket = ticketWith(({ status }) => status === "open");
    agents.setCustomField(String(ticket.id), CASE_NUMBER_FIELD_ID, "4711");
    const [event] = eventsOf(0);
    expect(event).toMatchObject({
      type: "Custom Field Changed",
      current: "4711",
      custom_field: {
        id: CASE_NUMBER_FIELD_ID,
        title: "Salesforce case number",
        field_type: "text",
      },
    });
  });

  it("is silent when nothing changes", () => {
    const ticket = ticketWith(({ status }) => status === "open");
    expect(agents.setStatus(String(ticket.id), "open")).toBe(store.ticket(ticket.id));
    expect(updates).toEqual([]);
  });

  it("leaves the sample data as they were", () => {
    const ticket = ticketWith(({ status }) => status === "open");
    agents.setStatus(String(ticket.id), "solved");
    expect(ticket.status).toBe("open");
    expect(store.ticket(ticket.id)!.status).toBe("solved");
  });

  it.each([
    ["there is no ticket 4711", "4711"],
    ["is closed", String(ticketWith(({ status }) => status === "closed").id)],
  ])("throws: %s", (message, id) => {
    expect(() => agents.setStatus(id, "open")).toThrow(message);
  });
});
