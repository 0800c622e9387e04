/** Changes everything that can change in a Zendesk account, at random: through its API, and as its people do. */
import type { Random } from "#sandbox/data/random";
import type { Zendesk } from "#sandbox/zendesk/create-zendesk";

/** Asks the account's API as its administrator. */
export type AskZendesk = (
  method: "GET" | "PUT" | "POST" | "DELETE",
  path: string,
  body?: object,
) => Promise<{ readonly status: number; readonly body: unknown }>;

export interface Changes {
  /** Makes one change. A change that the ticket's state forbids is not counted. */
  readonly make: () => Promise<void>;
  /** How many of each kind were made. */
  readonly counts: Readonly<Record<string, number>>;
  /** Every ticket that there was, those deleted since included. */
  readonly ticketIds: readonly string[];
}

interface Move {
  readonly kind: string;
  /** Its part of all moves. */
  readonly weight: number;
  /** False: it could not be made now. */
  readonly make: (ticketId: string) => Promise<boolean>;
}

const WORDS = [
  "Your parcel left today.",
  "Refund issued.",
  "Card 4111111111111111",
  "Danke! ü",
  "شكرا",
];
const TAGS = ["vip", "refund", "courier", "follow_up"];

export function createChanges(random: Random, zendesk: Zendesk, ask: AskZendesk): Changes {
  const { administrators, agents, tickets } = zendesk;
  const ticketIds = tickets.list().map(({ id }) => String(id));
  const staffIds = new Set<number>();
  for (const { assignee_id: id } of tickets.list()) if (id !== null) staffIds.add(id);
  const staff = [...staffIds];
  const counts: Record<string, number> = {};

  const byHand = async (work: () => unknown) => {
    try {
      work();
      return true;
    } catch {
      // The ticket is closed or deleted, or the person.
      return false;
    }
  };
  const byApi = async (...asked: Parameters<AskZendesk>) => {
    const { status } = await ask(...asked);
    if (status >= 500) throw new Error(`${asked[0]} ${asked[1]} answered ${status}`);
    return status < 300;
  };
  const requesterOf = (ticketId: string) => {
    const ticket = tickets.get(ticketId);
    return ticket && String(ticket.requester_id);
  };
  const byPerson = async (ticketId: string, work: (userId: string) => unknown) => {
    const person = requesterOf(ticketId);
    return person !== undefined && byHand(() => work(person));
  };
  const commentOf = (ticketId: string) => {
    const comments = tickets.comments(ticketId);
    return comments.length > 0 ? random.pick(comments) : undefined;
  };

  const moves: readonly Move[] = [
    {
      kind: "reply",
      weight: 30,
      make: (id) =>
        byHand(() => agents.reply(id, random.pick(WORDS), { public: random.chance(0.7) })),
    },
    { kind: "solve", weight: 25, make: (id) => byHand(() => agents.setStatus(id, "solved")) },
    { kind: "reopen", weight: 4, make: (id) => byHand(() => agents.setStatus(id, "open")) },
    { kind: "tag", weight: 8, make: (id) => byHand(() => agents.addTags(id, [random.pick(TAGS)])) },
    {
      kind: "assign",
      weight: 8,
      make: (id) => byHand(() => agents.assign(id, random.pick(staff))),
    },
    {
      kind: "redact",
      weight: 6,
      make: async (id) => {
        const comment = commentOf(id);
        if (!comment) return false;
        const text = comment.body.slice(0, 4);
        return byApi("PUT", `/api/v2/tickets/${id}/comments/${comment.id}/redact`, { text });
      },
    },
    {
      kind: "make private",
      weight: 4,
      make: async (id) => {
        const comment = commentOf(id);
        if (!comment) return false;
        return byApi("PUT", `/api/v2/tickets/${id}/comments/${comment.id}/make_private`);
      },
    },
    {
      kind: "merge",
      weight: 3,
      make: (id) =>
        byApi("POST", `/api/v2/tickets/${random.pick(ticketIds)}/merge`, {
          ids: [Number(id)],
          target_comment: "merged",
          source_comment: "merged",
        }),
    },
    { kind: "delete", weight: 4, make: (id) => byApi("DELETE", `/api/v2/tickets/${id}`) },
    {
      kind: "restore",
      weight: 5,
      make: (id) => byApi("PUT", `/api/v2/deleted_tickets/${id}/restore`),
    },
    { kind: "erase", weight: 3, make: (id) => byApi("DELETE", `/api/v2/deleted_tickets/${id}`) },
    {
      kind: "rename",
      weight: 3,
      make: (id) =>
        byPerson(id, (person) =>
          administrators.changePerson(person, { name: `Person ${random.integer(1, 9_999)}` }),
        ),
    },
    {
      kind: "suspend",
      weight: 1,
      make: (id) =>
        byPerson(id, (person) =>
          administrators.changePerson(person, { suspended: random.chance(0.7) }),
        ),
    },
    {
      kind: "merge people",
      weight: 1,
      make: (id) =>
        byPerson(id, (person) =>
          administrators.mergePeople(person, requesterOf(random.pick(ticketIds)) ?? person),
        ),
    },
    {
      kind: "delete a person",
      weight: 0.5,
      make: (id) => byPerson(id, (person) => administrators.deletePerson(person)),
    },
  ];
  const all = moves.reduce((sum, { weight }) => sum + weight, 0);

  function pickMove(): Move {
    let place = random.next() * all;
    return moves.find(({ weight }) => (place -= weight) < 0) ?? moves[0]!;
  }

  return {
    counts,
    ticketIds,
    async make() {
      const move = pickMove();
      if (await move.make(random.pick(ticketIds))) counts[move.kind] = (counts[move.kind] ?? 0) + 1;
    },
  };
}

/** @param origin of the account */
export function asAdministrator(origin: string, authorization: string): AskZendesk {
  return async (method, path, body) => {
    const answer = await fetch(origin + path, {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answered = await answer.text();
    if (answer.status === 429) throw new Error(`${method} ${path} was refused: ${answered}`);
    return { status: answer.status, body: answered === "" ? undefined : JSON.parse(answered) };
  };
}
