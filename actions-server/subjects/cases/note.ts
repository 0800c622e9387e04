/** The text of a note to a ticket's agents, and the line by which the note is recognized later. Pure. */
import { createHash } from "node:crypto";
import type { AnnotateTicketRequest } from "#contract/actions/annotate-ticket";
import type { CaseSummary } from "#contract/actions/resolve-case";

/** Two notes with the same values are the same note. */
interface NoteIdentity {
  readonly account: string;
  readonly operation: string;
  /** The caller's Idempotency-Key. */
  readonly key: string;
}

/** The last line of a note: the same in every attempt to send it, and different in every other note on the ticket. */
export function noteReference({ account, operation, key }: NoteIdentity): string {
  const identity = JSON.stringify([account, operation, key]);
  const digits = createHash("sha256").update(identity).digest("hex").slice(0, 16);
  return `CaseQA reference ${digits}`;
}

/** The most that a request can list (see the contract). */
const MOST_CANDIDATES = 10;

/** Plain text, because Zendesk strips HTML and does not render lists. */
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

/** The text after a line break in a subject must not look like one of our lines. */
function toOneLine(text: string | null): string | undefined {
  return text?.replace(/[\s\p{Cc}]+/gu, " ").trim() || undefined;
}
