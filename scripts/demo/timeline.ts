/** What happens in the demo, when, and how often each event is delivered: planned before anything moves. */

/** A person's move in Zendesk. */
type MoveKind = "solve" | "pend" | "reopen" | "reply" | "tag";

export interface Move {
  readonly atMs: number;
  readonly ticketId: string;
  readonly kind: MoveKind;
}

interface OpenTicket {
  readonly id: string;
}

/** Ways in which a ticket goes through the demo, with their weight. Each `solve` is one event to capture. */
const STORIES: readonly (readonly [weight: number, moves: readonly MoveKind[]])[] = [
  [40, ["solve"]],
  [25, ["reply", "solve"]],
  [15, ["pend", "reply", "solve"]],
  [8, ["solve", "reopen", "reply", "solve"]],
  [12, ["reply", "tag"]],
];

function pickStory(random: () => number): readonly MoveKind[] {
  const total = STORIES.reduce((sum, [weight]) => sum + weight, 0);
  let left = random() * total;
  for (const [weight, moves] of STORIES) {
    left -= weight;
    if (left < 0) return moves;
  }
  return ["solve"];
}

/**
 * Moves of about `events` events, sorted by time, each ticket's own moves in order.
 *
 * @param durationMs the time between the first and the last move
 */
export function planMoves(
  tickets: readonly OpenTicket[],
  options: { readonly random: () => number; readonly events: number; readonly durationMs: number },
): readonly Move[] {
  const { random, events, durationMs } = options;
  const moves: Move[] = [];
  for (const { id } of tickets) {
    if (moves.length >= events) break;
    const story = pickStory(random);
    const start = random() * durationMs * 0.7;
    const gap = (durationMs - start) / story.length;
    for (const [index, kind] of story.entries()) {
      moves.push({ atMs: start + gap * (index + random() * 0.5), ticketId: id, kind });
    }
  }
  return moves.toSorted((a, b) => a.atMs - b.atMs);
}

/** How much slower than planned people begin, until it is known what the machine holds. */
export const FIRST_STRETCH = 2;
const MOST_STRETCH = 5;
/** Fewer flow runs than this at once leave room; twice as many wait for the machine. */
const EASY_BACKLOG = 4;

/**
 * The factor on the planned pauses between moves, from 1 to 5: it grows fast while flow runs pile up and shrinks slowly
 * while there is room, so that the latency measured is the product's and not that of a queue.
 */
export function nextStretch(stretch: number, backlog: number): number {
  if (backlog > 2 * EASY_BACKLOG) return Math.min(MOST_STRETCH, stretch * 1.2);
  return backlog < EASY_BACKLOG ? Math.max(1, stretch * 0.96) : stretch;
}

/** The longest time by which a delivery trails its event. */
const LATEST_MS = 900;

/**
 * When an event is delivered: one to three times, each some milliseconds after the move. Half of the
 * repetitions overlap the first delivery, the others come late, so that events arrive out of order.
 */
export function planDeliveries(random: () => number): readonly number[] {
  const copies = 1 + Math.floor(random() * 3);
  const first = random() * LATEST_MS;
  const delays = [first];
  while (delays.length < copies) {
    delays.push(random() < 0.5 ? first : random() * LATEST_MS);
  }
  return delays;
}
