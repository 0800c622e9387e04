/** Switches that change the Zendesk stand-in while it runs. HTTP failures are made with `faults`. */

import type { Marking } from "./redaction.ts";

export interface ZendeskSwitches {
  /** Whether audits hold the messages of chats. Seen in the field (zenpy issue 663); for which plans is not documented. */
  chatHistory: boolean;
  /** Which scope opens the Conversation Log. Not documented, and not every account has it. */
  conversationLog: "absent" | "tickets" | "broad";
  /** How often a ticket that was made meanwhile is answered with 404 before it is shown. Seen in the field. */
  hiddenReads: number;
  /** Under which key of `details` the refusal of a closed ticket stands. Seen: `status`. */
  closedKey: "status" | "base";
  /** Where `content_url` points when files have a host of their own: to the account's, which redirects, or straight there. */
  attachmentUrls: "account" | "files";
  /** How long an address on the host of files can be read. Not documented. */
  attachmentTokenSeconds: number;
  /** Whether the account's address of a file is for people with a credential only. */
  privateAttachments: boolean;
  /** How far the search index is behind, in seconds. Documented: up to a few minutes. */
  searchDelaySeconds: number;
  /** Whether a change that makes no event never reaches the search index (seen: airbytehq/airbyte PR 81640). */
  searchMissesSilentChanges: boolean;
  /** Whether lists of comments hold rows whose members are null, as connectors' schemas allow. */
  oddRows: boolean;
  /** How long background jobs take; 0: they are done when the request that queued them is answered. */
  jobSeconds: number;
  /** What stands in for the texts of a ticket that was deleted for good. Zendesk calls it scrubbed; the word is UNVERIFIED. */
  scrubbedText: string;
  /** Whether marking as spam also makes the event of a deletion. Not documented. */
  spamIsDeletion: boolean;
  /** How a redacted text is marked: a mark for each character, or four for any text, as the reference's examples show. */
  redactionMarks: Marking;
  /** Whether events of redacted and hidden comments and files have nothing but ids. Not documented. */
  bareCommentEvents: boolean;
  /** Whether a person whose ticket is not closed can be deleted. UNVERIFIED. */
  openTicketsKeepUsers: boolean;
  /** Whether `/users/{id}` shows what is left of somebody who is deleted for good, or 404. Not documented. */
  showErasedUsers: boolean;
  /** Which of the two kinds of ratings the account has. */
  csat: "ratings" | "surveys";
}

/** What a caller must be able to bear: the least that is certain. */
export function zendeskSwitches(changed: Partial<ZendeskSwitches> = {}): ZendeskSwitches {
  return {
    chatHistory: true,
    conversationLog: "absent",
    hiddenReads: 0,
    closedKey: "status",
    attachmentUrls: "account",
    attachmentTokenSeconds: 300,
    privateAttachments: false,
    searchDelaySeconds: 120,
    searchMissesSilentChanges: true,
    oddRows: false,
    jobSeconds: 0,
    scrubbedText: "SCRUBBED",
    spamIsDeletion: false,
    redactionMarks: "each",
    bareCommentEvents: true,
    openTicketsKeepUsers: true,
    showErasedUsers: true,
    csat: "ratings",
    ...changed,
  };
}
