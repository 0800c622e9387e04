/** What must hold when the demo is over. Pure: it compares what was planned with what the stores hold. */

export interface Expectations {
  readonly captured: readonly Expected[];
  /** Deliveries after the first, over all events whose flow reaches a recorded action. */
  readonly repetitions: number;
  /** Solved before the installation, and wanted; none without the sync. */
  readonly loaded: readonly { readonly ticketId: string; readonly commentIds: readonly string[] }[];
  /** Touched and not captured: a sweep looks up their cases all the same. None without the sync. */
  readonly swept: readonly Pick<Expected, "ticketId" | "truth">[];
  /** The comment as Zendesk has it since. */
  readonly redacted: RedactedComment | undefined;
  /** The ticket that was deleted. */
  readonly deleted: string | undefined;
}

interface RedactedComment {
  readonly ticketId: string;
  readonly commentId: string;
  readonly body: string;
}

/** What the timeline did to one ticket, and what the seeded data know about it. */
interface Expected {
  readonly ticketId: string;
  /** Events whose flow captures the ticket. */
  readonly captureEvents: number;
  /** The comment ids that Zendesk holds at the end. */
  readonly commentIds: readonly string[];
  readonly truth:
    | { readonly outcome: "matched"; readonly caseId: string }
    | { readonly outcome: "ambiguous" | "none" };
}

/** Read from Postgres, the ZIS Links service, and the local ZIS's own counts. */
export interface Observed {
  readonly conversations: readonly {
    readonly ticketId: string;
    readonly captures: number;
    readonly commentIds: readonly string[];
    /** Because its ticket is deleted. */
    readonly hidden: boolean;
  }[];
  /** Stored messages in which something is made unreadable. */
  readonly redacted: readonly RedactedComment[];
  /** Findings of sweeps. */
  readonly findings: readonly {
    readonly ticketId: string;
    readonly what: string;
    readonly repaired: boolean;
  }[];
  readonly links: readonly { readonly left: string; readonly right: string }[];
  /** By ticket: the outcome of resolve-case. */
  readonly resolved: ReadonlyMap<string, { readonly outcome: string }>;
  /** By ticket: the case that the last look-up found, whether a flow's or a sweep's; null: no single one. */
  readonly found: ReadonlyMap<string, string | null>;
  readonly flowsFailed: number;
  readonly duplicatesAbsorbed: number;
}

export interface Invariant {
  readonly name: string;
  /** What is wrong, at most a few examples; empty when the invariant holds. */
  readonly broken: readonly string[];
}

/** Every invariant with what breaks it. The demo is good when nothing is broken. */
export function checkInvariants(
  expected: Expectations,
  observed: Observed,
  linkNames: { ticket(id: string): string; case(id: string): string },
): readonly Invariant[] {
  const { captured, loaded, swept, repetitions } = expected;
  const stored = [...captured, ...loaded];
  return [
    { name: "one conversation per solved ticket", broken: conversations(stored, observed) },
    { name: "every conversation holds all its comments", broken: comments(stored, observed) },
    { name: "every event is captured exactly once", broken: captures(captured, observed) },
    {
      name: "one link per matched ticket",
      broken: links([...captured, ...swept], observed, linkNames),
    },
    { name: "every ticket resolves to its case", broken: outcomes(captured, observed) },
    {
      name: "no flow failed",
      broken: observed.flowsFailed === 0 ? [] : [`${observed.flowsFailed} flow runs failed`],
    },
    { name: "every repeated delivery is absorbed", broken: absorbed(repetitions, observed) },
    { name: "what was redacted is redacted in the store", broken: redaction(expected, observed) },
    { name: "what was deleted is hidden", broken: deletion(expected, observed) },
  ];
}

type Stored = Pick<Expected, "ticketId" | "commentIds">;

function conversations(expected: readonly Stored[], observed: Observed): string[] {
  const found = observed.conversations.map(({ ticketId }) => ticketId);
  return difference(
    expected.map(({ ticketId }) => ticketId),
    found,
    "conversation of ticket",
  );
}

function comments(expected: readonly Stored[], observed: Observed): string[] {
  const found = new Map(observed.conversations.map((row) => [row.ticketId, row.commentIds]));
  return expected.flatMap(({ ticketId, commentIds }) =>
    difference(commentIds, found.get(ticketId) ?? [], `ticket ${ticketId}: comment`),
  );
}

function captures(expected: readonly Expected[], observed: Observed): string[] {
  const found = new Map(observed.conversations.map((row) => [row.ticketId, row.captures]));
  return expected
    .filter(({ ticketId, captureEvents }) => (found.get(ticketId) ?? 0) !== captureEvents)
    .map(
      ({ ticketId, captureEvents }) =>
        `ticket ${ticketId}: ${captureEvents} events, ${found.get(ticketId) ?? 0} captures recorded`,
    );
}

function links(
  expected: readonly Pick<Expected, "ticketId" | "truth">[],
  observed: Observed,
  names: { ticket(id: string): string; case(id: string): string },
): string[] {
  const wanted = expected.flatMap(({ ticketId, truth }) =>
    truth.outcome === "matched" ? [`${names.ticket(ticketId)} to ${names.case(truth.caseId)}`] : [],
  );
  return difference(
    wanted,
    observed.links.map(({ left, right }) => `${left} to ${right}`),
    "link",
  );
}

function outcomes(expected: readonly Expected[], observed: Observed): string[] {
  return expected.flatMap(({ ticketId, truth }) => {
    const outcome = observed.resolved.get(ticketId)?.outcome ?? sweptOutcome(ticketId, observed);
    // A sweep remembers no more than the case.
    const isWrong = outcome === "no case" ? truth.outcome === "matched" : truth.outcome !== outcome;
    return isWrong ? [`ticket ${ticketId}: expected ${truth.outcome}, resolved ${outcome}`] : [];
  });
}

/** Of a ticket that no flow has looked up. */
function sweptOutcome(ticketId: string, { found }: Observed): string {
  const caseId = found.get(ticketId);
  if (caseId === undefined) return "never";
  return caseId === null ? "no case" : "matched";
}

function absorbed(repetitions: number, { duplicatesAbsorbed }: Observed): string[] {
  return duplicatesAbsorbed === repetitions
    ? []
    : [`${repetitions} repeated deliveries, ${duplicatesAbsorbed} replayed answers`];
}

function redaction({ redacted: expected }: Expectations, { redacted: found }: Observed): string[] {
  const name = ({ ticketId, commentId, body }: RedactedComment) =>
    `${ticketId}: comment ${commentId} "${body.slice(0, 40)}"`;
  return difference(expected ? [name(expected)] : [], found.map(name), "redaction of ticket");
}

function deletion({ deleted }: Expectations, { conversations: found }: Observed): string[] {
  const hidden = found.filter((row) => row.hidden).map(({ ticketId }) => ticketId);
  return difference(deleted === undefined ? [] : [deleted], hidden, "deletion of ticket");
}

/** What is missing, unexpected or there more than once. */
function difference(wanted: readonly string[], found: readonly string[], what: string): string[] {
  const left = new Map<string, number>();
  for (const item of found) left.set(item, (left.get(item) ?? 0) + 1);
  const broken: string[] = [];
  for (const item of wanted) {
    const count = left.get(item) ?? 0;
    if (count === 0) broken.push(`${what} ${item} is missing`);
    if (count > 1) broken.push(`${what} ${item} is there ${count} times`);
    left.delete(item);
  }
  for (const item of left.keys()) broken.push(`${what} ${item} is there unexpectedly`);
  return broken;
}
