/**
 * Who are the agents of a conversation? A table of rules; those that are in force are united. Pure.
 *
 * Whom Zendesk assigned a ticket to was an agent then, so the rules about assignees and solvers believe the ticket. The
 * rules about comments have to tell agents from customers, and ask what is known of the person.
 */
import type { AgentRule } from "#contract/agents/rules";

/** What the rules read of a conversation. Ids are Zendesk's, as text. */
export interface AgentFacts {
  readonly assigneeId: string | null;
  readonly requesterId: string | null;
  readonly status: string;
  /** Merging closes a ticket, but nobody solved it. */
  readonly isMerged: boolean;
  /** One for each author of messages. */
  readonly authors: readonly Author[];
  /** Oldest first, as recorded. */
  readonly assignments: readonly Assigned[];
  /** Each time that the ticket became solved, oldest first, as recorded. */
  readonly solved: readonly Solved[];
  /** By id; whoever is not among them is unknown. */
  readonly people: ReadonlyMap<string, Person>;
}

export interface Author {
  readonly id: string;
  readonly messages: number;
  readonly publicMessages: number;
  /** Places of messages in the conversation, from 0; null: none is public. */
  readonly firstPublic: number | null;
  readonly lastPublic: number | null;
}

interface Assigned {
  /** Null: the ticket was given to nobody. */
  readonly agentId: string | null;
  readonly atMs: number;
}

interface Solved {
  /** Null: the event did not say, as those that ZIS delivers. */
  readonly actorId: string | null;
  readonly atMs: number;
}

export interface Person {
  /** Who the person is now: another id where Zendesk merged two users. */
  readonly id: string;
  /** By role or by the directory; suspended and deleted ones too. */
  readonly isAgent: boolean;
}

/** Who an agent of the conversation is by one rule. None, one or several. */
type Find = (conversation: ReadFacts) => readonly string[];

export const AGENT_RULES: Readonly<Record<AgentRule, Find>> = {
  assignee: ({ facts }) => some(facts.assigneeId),
  last_assignee: ({ facts, assigned }) => some(facts.assigneeId ?? assigned.at(-1)),
  first_assignee: ({ facts, assigned }) => some(assigned[0] ?? facts.assigneeId),
  commenter: ({ writers }) => writers.map(({ id }) => id),
  public_commenter: ({ writers }) => writers.filter(isPublic).map(({ id }) => id),
  first_public_commenter: ({ writers }) =>
    best(writers.filter(isPublic), (one) => [-(one.firstPublic ?? 0)]),
  last_public_commenter: ({ writers }) =>
    best(writers.filter(isPublic), (one) => [one.lastPublic ?? 0]),
  solver: findSolvers,
  most_active: ({ writers }) =>
    best(writers.filter(isPublic), (one) => [
      one.publicMessages,
      one.messages,
      one.lastPublic ?? 0,
    ]),
};

export interface Association {
  readonly agentId: string;
  /** Those that found the agent, in the order of the table above. */
  readonly rules: readonly AgentRule[];
}

/** The agents by any of the rules in force, each once, in the order of their ids. */
export function associationsOf(
  facts: AgentFacts,
  inForce: readonly AgentRule[],
): readonly Association[] {
  const conversation = readFacts(facts);
  const found = new Map<string, AgentRule[]>();
  for (const rule of Object.keys(AGENT_RULES) as AgentRule[]) {
    if (!inForce.includes(rule)) continue;
    for (const id of new Set(AGENT_RULES[rule](conversation))) {
      found.set(id, [...(found.get(id) ?? []), rule]);
    }
  }
  return [...found]
    .map(([agentId, rules]) => ({ agentId, rules }))
    .toSorted((left, right) => (left.agentId < right.agentId ? -1 : 1));
}

interface ReadFacts {
  readonly facts: AgentFacts;
  /** Everybody that the ticket was given to, oldest first. */
  readonly assigned: readonly string[];
  /** Agents who wrote, but not as the customer of this conversation. */
  readonly writers: readonly Author[];
}

function readFacts(given: AgentFacts): ReadFacts {
  const { people } = given;
  const now = (id: string) => people.get(id)?.id ?? id;
  const nowOrNull = (id: string | null) => (id === null ? null : now(id));
  const facts: AgentFacts = {
    ...given,
    assigneeId: nowOrNull(given.assigneeId),
    requesterId: nowOrNull(given.requesterId),
    assignments: given.assignments.map((one) => ({ ...one, agentId: nowOrNull(one.agentId) })),
  };
  const assigned = facts.assignments.flatMap(({ agentId }) => some(agentId));
  const worked = new Set([...assigned, ...some(facts.assigneeId)]);
  const isAgent = (id: string) => worked.has(now(id)) || people.get(id)?.isAgent === true;
  const writers = new Map<string, Author>();
  for (const author of given.authors) {
    const id = now(author.id);
    if (!isAgent(author.id) || id === facts.requesterId) continue;
    const known = writers.get(id);
    writers.set(id, known ? together(known, author) : { ...author, id });
  }
  const solved = given.solved.map(({ actorId, atMs }) => ({
    actorId: actorId !== null && isAgent(actorId) ? now(actorId) : null,
    atMs,
  }));
  return { facts: { ...facts, solved }, assigned, writers: [...writers.values()] };
}

/** What one person wrote under two ids. */
function together(known: Author, other: Author): Author {
  const places = [known, other].filter(isPublic);
  return {
    id: known.id,
    messages: known.messages + other.messages,
    publicMessages: known.publicMessages + other.publicMessages,
    firstPublic: places.length === 0 ? null : Math.min(...places.map((one) => one.firstPublic)),
    lastPublic: places.length === 0 ? null : Math.max(...places.map((one) => one.lastPublic)),
  };
}

/**
 * Whoever solved the ticket, each time: the actor, where the event names an agent, else the assignee of that moment. In the
 * same second the assignment comes first, because one update often does both. Where no event was recorded, the ticket's
 * status tells that it was solved, and the last assignee counts.
 */
function findSolvers({ facts, assigned }: ReadFacts): readonly string[] {
  const { solved, assignments, assigneeId, status, isMerged } = facts;
  if (solved.length === 0) {
    const isSolved = (status === "solved" || status === "closed") && !isMerged;
    return isSolved ? some(assigneeId ?? assigned.at(-1)) : [];
  }
  return solved.flatMap(({ actorId, atMs }) => {
    if (actorId !== null) return [actorId];
    // Nothing was recorded of who worked on it, so nothing changed since.
    if (assignments.length === 0) return some(assigneeId);
    return some(assignments.findLast((one) => one.atMs <= atMs)?.agentId);
  });
}

function isPublic(
  one: Author,
): one is Author & { readonly firstPublic: number; readonly lastPublic: number } {
  return one.firstPublic !== null && one.lastPublic !== null;
}

const some = (id: string | null | undefined) => (id == null ? [] : [id]);

/** The writer with the highest marks. The first mark decides, then the next; no two writers have the same place, so none tie. */
function best(writers: readonly Author[], marksOf: (one: Author) => readonly number[]): string[] {
  const [first] = writers.toSorted((left, right) => compareMarks(marksOf(right), marksOf(left)));
  return some(first?.id);
}

function compareMarks(left: readonly number[], right: readonly number[]): number {
  for (const [at, mark] of left.entries()) {
    const difference = mark - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
