/** What the action log keeps of a finished action: ids and outcomes, never a message's text. Pure. */
import type { OperationName } from "#contract/actions/operations";
import { storableText } from "#platform/db/storable";
import { readInstant } from "#contract/instant";

export interface FinishedAction {
  readonly account: string;
  readonly at: Date;
  readonly operation: OperationName;
  /** As it came; not necessarily in the form of the contract. */
  readonly body: unknown;
  readonly eventKey: string | null;
  /** JSON, as it was sent. */
  readonly answer: string;
  readonly failed: boolean;
  /** The answer of an earlier request under the same key. */
  readonly replayed: boolean;
  readonly durationMs: number;
}

export interface LogRow {
  readonly account: string;
  readonly at: Date;
  readonly operation: string;
  readonly ticketId: string | null;
  readonly eventKey: string | null;
  readonly outcome: string;
  readonly failed: boolean;
  readonly message: string | null;
  readonly durationMs: number;
  readonly lagSeconds: number | null;
}

const TICKET_ID = /^[1-9][0-9]{0,18}$/;
const LONGEST = 500;

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** Null for whatever is not an id: a body that was refused may hold anything there. */
function ticketIdOf(body: unknown): string | null {
  const given = memberOf(body, "ticket_id");
  const id = typeof given === "number" ? String(given) : given;
  return typeof id === "string" && TICKET_ID.test(id) ? id : null;
}

/** A copy: a slice would keep the whole text in memory. */
function textOf(value: unknown): string | null {
  if (typeof value !== "string") return null;
  return Buffer.from(storableText(value.slice(0, LONGEST))).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An answer of ours is JSON; whatever else it is has no outcome.
    return undefined;
  }
}

/** A refusal of a body may quote it, such as the name of an unknown member; the server's own log has the place. */
function messageOf(code: string | null, error: unknown): string | null {
  if (code === "BAD_REQUEST") return "The request is not in the agreed form.";
  return textOf(memberOf(error, "message"));
}

/** An answer that is not an error but leaves undone what was asked for. */
const UNDONE = "conversation_unreadable";

/** What an answer says beside its outcome: why something is undone, or what was left out. */
function remarkOf(answer: unknown): string | null {
  const skipped = memberOf(answer, "skipped");
  if (typeof skipped === "number" && skipped > 0) {
    return `Parts that came in an unknown form and were left out: ${skipped}.`;
  }
  return textOf(memberOf(answer, "reason"));
}

export function toLogRow(action: FinishedAction): LogRow {
  const { account, at, operation, body, eventKey, durationMs } = action;
  const answer = parse(action.answer);
  const outcome = textOf(memberOf(answer, "outcome"));
  const error = memberOf(answer, "error");
  const code = textOf(memberOf(error, "code"));
  const happenedAt = readInstant(textOf(memberOf(body, "occurred_at")) ?? "");
  const started = at.getTime() - durationMs;
  return {
    account,
    at,
    operation,
    ticketId: ticketIdOf(body),
    eventKey: textOf(eventKey),
    outcome: (action.failed ? code : outcome) ?? "unknown",
    failed: action.failed || outcome === UNDONE,
    message: action.failed ? messageOf(code, error) : remarkOf(answer),
    durationMs: Math.round(durationMs * 1_000) / 1_000,
    lagSeconds: happenedAt ? Math.max(0, (started - happenedAt.getTime()) / 1_000) : null,
  };
}
