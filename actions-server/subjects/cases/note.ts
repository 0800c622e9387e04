/** What a note to a ticket's agents says, and the line by which it is known again. Pure. */
import { createHash } from "node:crypto";
import type { AnnotateTicketRequest } from "#contract/actions/annotate-ticket";
import type { CaseSummary } from "#contract/actions/resolve-case";

/** What makes two notes the same one. */
interface NoteIdentity {
  readonly account: string;
  readonly operation: string;
  /** The caller's Idempotency-Key. */
  readonly key: string;
}

/** The last line of a note: the same for every attempt at it, and of no other note on the ticket. */
export function noteReference({ account, operation, key }: NoteIdentity): string {
  const identity = JSON.stringify([account, operation, key]);
  const digits = createHash("sha256").update(identity).digest("hex").slice(0, 16);
  return `CaseQA reference ${digits}`;
}

/** A request lists no more, see the contract. */
const MOST_CANDIDATES = 10;

/** Plain text: Zendesk strips HTML and draws no lists. */
export function noteText(
  { reason, candidates = [] }: Pick<AnnotateTicketRequest, "reason" | "candidates">,
  reference: string,
): string {
  const lines = candidates.map(describeCase);
  if (candidates.length === MOST_CANDIDATES) lines.push("There may be more.");
  return [...explain(reason, lines), "", reference].join("\n");
}

function explain(reason: AnnotateTicketRequest["reason"], cases: readonly string[]): string[] {
  if (reason === "ambiguous_case") {
    const found =
      "CaseQA found several Salesforce cases that may belong to this ticket, and made no new link";
    return [
      ...(cases.length === 0 ? [`${found}.`] : [`${found}:`, ...cases]),
      "If you know the right case, type its number into the ticket's case number field.",
    ];
  }
  const found =
    "The case number on this ticket does not lead to one Salesforce case, so CaseQA made no new link";
  return [
    ...(cases.length === 0 ? [`${found}.`] : [`${found}. It may mean:`, ...cases]),
    "Please check the number in the ticket's case number field.",
  ];
}

function describeCase({ number, subject, status }: CaseSummary): string {
  const name = toOneLine(subject) ?? "no subject";
  return `- ${toOneLine(number) ?? "no number"}: ${name} (${toOneLine(status) ?? "no status"})`;
}

/** A line break in a subject must not look like one of our lines. */
function toOneLine(text: string | null): string | undefined {
  return text?.replace(/[\s\p{Cc}]+/gu, " ").trim() || undefined;
}
