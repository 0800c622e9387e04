/** What the action log keeps of a finished action: ids and outcomes, never a message's text. Pure. */
import type { ActionAnswer, ActionResult, AnsweredAction } from "#platform/http/answered-action";
import { storableText } from "#platform/db/storable";
import { readInstant } from "#contract/instant";

/** A finished action, and when it finished. */
export interface FinishedAction extends Omit<AnsweredAction, "account" | "headers"> {
  readonly account: string;
  readonly at: Date;
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

/** Null for anything that is not an id, because a refused body may hold anything here. */
function ticketIdOf(body: unknown): string | null {
  const given = memberOf(body, "ticket_id");
  const id = typeof given === "number" ? String(given) : given;
  return typeof id === "string" && TICKET_ID.test(id) ? id : null;
}

/** Copied, because a slice would keep the whole text in memory. */
function textOf(value: unknown): string | null {
  if (typeof value !== "string") return null;
  return Buffer.from(storableText(value.slice(0, LONGEST))).toString();
}

/** The refusal of a body may quote it, for example the name of an unknown member; the details are in the server's own log. */
function messageOf(code: string, message: string): string | null {
  return code === "BAD_REQUEST" ? "The request is not in the agreed form." : textOf(message);
}

/** An answer that is not an error, although what was asked for is not done. */
const UNDONE = "conversation_unreadable";

/** What an answer says besides its outcome: why something was not done, or what was left out. */
function remarkOf({ skipped = 0, reason }: ActionAnswer): string | null {
  if (skipped > 0) return `Parts that came in an unknown form and were left out: ${skipped}.`;
  return textOf(reason);
}

function describe(result: ActionResult): Pick<LogRow, "outcome" | "failed" | "message"> {
  if (result.kind === "failed") {
    const { code, message } = result.error;
    return { outcome: code, failed: true, message: messageOf(code, message) };
  }
  const answer = result.answer();
  const outcome = textOf(answer.outcome) ?? "unknown";
  return { outcome, failed: outcome === UNDONE, message: remarkOf(answer) };
}

export function toLogRow(action: FinishedAction): LogRow {
  const { account, at, operation, body, eventKey, result, durationMs } = action;
  const happenedAt = readInstant(textOf(memberOf(body, "occurred_at")) ?? "");
  const started = at.getTime() - durationMs;
  return {
    account,
    at,
    operation,
    ticketId: ticketIdOf(body),
    eventKey: textOf(eventKey),
    ...describe(result),
    durationMs: Math.round(durationMs * 1_000) / 1_000,
    lagSeconds: happenedAt ? Math.max(0, (started - happenedAt.getTime()) / 1_000) : null,
  };
}
