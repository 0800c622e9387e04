/** Tickets, people and comments as Zendesk sends them, and as the server reads them. */
import { readComments } from "#remotes/zendesk/comment-rows";
import type { Conversation, TicketWithUsers } from "#remotes/zendesk/reader";
import { toTicket, toUser } from "#remotes/zendesk/rows";

export const ticketRow = {
  url: "https://acme.zendesk.com/api/v2/tickets/12.json",
  id: 12,
  subject: "Parcel never came",
  status: "solved",
  via: { channel: "email", source: { from: {}, to: {}, rel: null } },
  requester_id: 5,
  assignee_id: 6,
  group_id: 7,
  brand_id: 8,
  organization_id: null,
  ticket_form_id: 9,
  tags: ["vip"],
  custom_fields: [] as { id: number; value: unknown }[],
  created_at: "2026-11-20T08:00:00Z",
  updated_at: "2026-11-20T09:00:00Z",
};

/** As exports have it: with the second clock, some seconds ahead. */
export const exportedRow = { ...ticketRow, generated_timestamp: 1_795_165_203 };

export const userRow = {
  id: 5,
  name: "Rita",
  email: "rita@example.com",
  role: "end-user",
  updated_at: "2026-11-01T00:00:00Z",
};

export const commentRow = (id: number | string, more: Record<string, unknown> = {}) => ({
  id,
  type: "Comment",
  author_id: 5,
  public: true,
  body: `comment ${id}`,
  html_body: `<p>comment ${id}</p>`,
  plain_body: `comment ${id}`,
  via: { channel: "web" },
  attachments: [],
  created_at: "2026-11-20T08:00:00Z",
  ...more,
});

export function ticketWithUsers(
  ticket: Partial<Parameters<typeof toTicket>[0]>,
  users: Parameters<typeof toUser>[0][] = [userRow],
): TicketWithUsers {
  return { ticket: toTicket({ ...ticketRow, ...ticket }), users: users.map(toUser) };
}

/** The conversation of a ticket with these comments, as they come on the wire. */
export function conversationOf(
  found: TicketWithUsers,
  rows: readonly unknown[] = [commentRow(1)],
): Conversation {
  return { ...found, ...readComments(rows), unreadable: undefined };
}
