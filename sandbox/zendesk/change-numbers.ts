/** The numbers that changes use up: ids of audits and comments, ids of sequences, places in the stream of events. */
import { createHash } from "node:crypto";
import type { ChangeContext } from "./change.ts";
import type { TicketFieldRecord } from "./model.ts";
import type { Actor } from "./store-contract.ts";

const FIRST_AUDIT_ID = 640_000_000_000_000;
/** Every update takes a block of numbers: its audit, its comment, its changes. */
const IDS_PER_UPDATE = 100;
const FIRST_STREAM_OFFSET = 646_602_214;

interface ChangeNumbers {
  /** What the events of one change share. */
  beginSequence(): Pick<ChangeContext, "at" | "sequenceId" | "firstOffset">;
  /** As `beginSequence`, for an update of a ticket. */
  begin(actor: Actor): ChangeContext;
  /** Says that so many events went out. */
  passed(events: number): void;
}

export function createChangeNumbers(options: {
  /** The account's address, for links in events. */
  readonly baseUrl: string;
  readonly fields: ReadonlyMap<number, TicketFieldRecord>;
  readonly now: () => Date;
  readonly newId: () => string;
}): ChangeNumbers {
  const { baseUrl, fields, now, newId } = options;
  let nextAuditId = FIRST_AUDIT_ID;
  let nextOffset = FIRST_STREAM_OFFSET;

  function beginSequence() {
    const digest = createHash("sha256").update(newId()).digest("hex");
    const sequenceId = digest.slice(0, 32).toUpperCase();
    return { at: now(), sequenceId, firstOffset: nextOffset };
  }

  return {
    beginSequence,
    begin(actor) {
      const auditId = nextAuditId;
      nextAuditId += IDS_PER_UPDATE;
      return {
        ...actor,
        ...beginSequence(),
        fields,
        baseUrl,
        auditId,
        commentId: auditId + 1,
      };
    },
    passed(events) {
      nextOffset += events;
    },
  };
}
