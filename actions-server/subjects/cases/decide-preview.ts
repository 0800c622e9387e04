/** What the flows would do with a ticket under given settings: the same decisions as in `bundle/`, tested against it. Pure. */
import type { PreviewReply } from "#contract/routes/cases";
import type { ResolveCaseReply } from "#contract/actions/resolve-case";
import type { Settings } from "#contract/settings/settings";
import { whyNotCaptured, type CaptureOccasion } from "#contract/settings/ticket-rules";
import type { ZendeskTicket } from "#remotes/zendesk/rows";

export type PreviewedTicket = PreviewReply["tickets"][number];

/** A look-up's answer. `unavailable`: Salesforce gave none; `refusal` says why, if waiting does not help. */
export type LookUp =
  | ResolveCaseReply
  | { readonly outcome: "unavailable"; readonly refusal: string | undefined };

function notify(how: Settings["on_ambiguous"], what: string): string[] {
  if (how === "nothing") return [];
  return [how === "tag" ? `Tag it: ${what}.` : `Write its agents a private comment: ${what}.`];
}

interface Question {
  readonly account: string;
  readonly settings: Settings;
  readonly ticket: ZendeskTicket;
  readonly lookUp: LookUp;
  /** The look-up by the typed number alone; undefined: no number is typed. */
  readonly byNumber: LookUp | undefined;
}

/** What is done about the case when the ticket is created or solved, and when a case number is typed. */
function wouldLink({ settings, lookUp, byNumber }: Question): string[] {
  const { on_ambiguous, on_unknown_number, one_case_per_ticket } = settings;
  const done: string[] = [];
  if (lookUp.outcome === "matched") {
    done.push(`Link it to case ${lookUp.case.number}.`);
    if (one_case_per_ticket) done.push("End its link to another case, if it has one.");
  }
  if (lookUp.outcome === "unavailable") {
    const { refusal } = lookUp;
    done.push(
      refusal === undefined
        ? "Look again later: Salesforce does not answer now."
        : `Nothing about its case: ${refusal}.`,
    );
  }
  if (lookUp.outcome === "ambiguous" && byNumber?.outcome !== "ambiguous") {
    done.push(...notify(on_ambiguous, "several cases may belong to it"));
  }
  if (byNumber?.outcome === "ambiguous") {
    done.push(...notify(on_unknown_number, "several cases have its case number"));
  }
  if (byNumber?.outcome === "none" && byNumber.reason === "no_candidate") {
    done.push(...notify(on_unknown_number, "no case has its case number"));
  }
  return done;
}

function wouldReview({ settings, ticket, account }: Question): string[] {
  const done: string[] = [];
  if (settings.record_assignments && (ticket.assigneeId ?? ticket.groupId) !== undefined) {
    done.push("Record who works on it.");
  }
  const captured = { ...ticket, account, ticketId: ticket.id };
  const isWanted = (occasion: CaptureOccasion) =>
    whyNotCaptured(settings, captured, occasion) === null;
  const isSolved = ticket.status === "solved" || ticket.status === "closed";
  if (isWanted("solved")) {
    done.push(`Store its conversation${isSolved ? "" : " when it is solved"}.`);
  } else if (isWanted("closed")) {
    done.push(`Store its conversation${ticket.status === "closed" ? "" : " when it is closed"}.`);
  }
  if (isWanted("public_reply")) done.push("Store its conversation at every public reply.");
  return done;
}

export function leaveAlone(ticket: ZendeskTicket, why: string): PreviewedTicket {
  const { id: ticket_id, subject = "" } = ticket;
  return { ticket_id, subject, left_alone: why, look_up: null, case_id: null, would: [] };
}

export function decidePreview(question: Question): PreviewedTicket {
  const { ticket, lookUp } = question;
  return {
    ticket_id: ticket.id,
    subject: ticket.subject ?? "",
    left_alone: null,
    // It was deleted after it was listed, so nothing is found for it.
    look_up: lookUp.outcome === "ticket_not_found" ? "none" : lookUp.outcome,
    case_id: lookUp.outcome === "matched" ? lookUp.case_id : null,
    would: [...wouldLink(question), ...wouldReview(question)],
  };
}
