import { describe, expect, it } from "vitest";
import type { JsonObject } from "#zis/model/json";
import { sampleInput } from "#zis/page/samples";

const ID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

function sample(event_type: string, event_source = "support", definitions = ""): unknown {
  return sampleInput({
    event_source,
    event_type,
    definitions,
    now: () => new Date("2026-05-04T10:00:00.789Z"),
    newId: () => ID,
  });
}

describe("sampleInput", () => {
  it("gives a ticket event its documented shape", () => {
    const { ticket_event } = sample("ticket.StatusChanged") as { ticket_event: JsonObject };
    expect(Object.keys(ticket_event)).toEqual(["meta", "type", "previous", "current", "ticket"]);
    expect(ticket_event["meta"]).toEqual({
      version: "1.0",
      occurred_at: "2026-05-04T10:00:00Z",
      ref: "7-15852243",
      sequence: { id: "0F1E2D3C4B5A69788796A5B4C3D2E1F0", position: 1, total: 1 },
    });
    const ticket = ticket_event["ticket"] as JsonObject;
    expect(Object.keys(ticket)).toHaveLength(16);
    expect(ticket["status"]).toBe(ticket_event["current"]);
  });

  it.each([
    ["ticket.CommentAdded", "ticket_event", "Comment Created", "comment"],
    [
      "ticket.AttachmentLinkedToComment",
      "ticket_event",
      "Attachment Linked to Comment",
      "attachment",
    ],
    ["ticket.TagsChanged", "ticket_event", "Tags Changed", "tags_added"],
    ["ticket.CustomFieldChanged", "ticket_event", "Custom Field Changed", "custom_field"],
    ["ticket.TicketMerged", "ticket_event", "Ticket Merged", "target_ticket_id"],
    ["ticket.MarkedAsSpam", "ticket_event", "Ticket Marked as Spam", "ticket"],
    ["ticket.SomethingNewer", "ticket_event", "Something Newer", "ticket"],
    ["ticket.constructor", "ticket_event", "constructor", "ticket"],
    ["user.UserIsActiveChanged", "user_event", "Active Status Changed", "user"],
    [
      "organization.CustomFieldChanged",
      "organization_event",
      "Custom Field Changed",
      "organization",
    ],
    [
      "customobject.CustomObjectRecordCreated",
      "custom_object_event",
      "Custom Object Record Created",
      "custom_object_record",
    ],
  ])("makes %s a %s named %s with %s", (eventType, member, type, detail) => {
    const input = sample(eventType) as Record<string, object>;
    expect(Object.keys(input)).toEqual([member]);
    expect(input[member]).toMatchObject({ type, [detail]: expect.anything() });
  });

  it.each([
    ["another source", "acme", "order.paid"],
    ["a type that Zendesk has not", "support", "constructor.call"],
  ])("fills in what the flow reads for %s", (_name, source, type) => {
    const definitions = JSON.stringify({
      a: "$.input.order.id",
      b: "{{$.input.order.lines}}",
      c: "$.input.order",
      d: "$.input.__proto__.x and $.inputs.no and $.input",
    });
    expect(JSON.parse(JSON.stringify(sample(type, source, definitions)))).toEqual(
      JSON.parse(
        '{"order":{"id":"sample id","lines":"sample lines"},"__proto__":{"x":"sample x"}}',
      ),
    );
  });
});
