/** The type of a handler of an external action: body and context in, reply or work out. One type per row of OPERATIONS. */
import type { Static } from "typebox";
import type { OPERATIONS, OperationName } from "#contract/actions/operations";
import type { Deadline } from "../deadline.ts";
import type { Log } from "../log.ts";
import type { Priority } from "../outbound/budget.ts";
import type { Work } from "../idempotency/work.ts";

export interface ActionContext {
  /** Whose data this is; from the credential, never from the body. */
  readonly account: string;
  readonly requestId: string;
  /** The operation's budget minus the margin that the answer itself takes. */
  readonly deadline: Deadline;
  readonly log: Log;
  /** Who waits for the calls to remote systems; absent: a flow. */
  readonly priority?: Priority | undefined;
  /** The caller's Idempotency-Key; undefined for reads. */
  readonly idempotencyKey: string | undefined;
}

export interface WriteContext extends ActionContext {
  readonly idempotencyKey: string;
}

type Operations = typeof OPERATIONS;
type NamesOf<Effect extends "read" | "write"> = {
  [Name in OperationName]: Operations[Name]["effect"] extends Effect ? Name : never;
}[OperationName];
type RequestOf<Name extends OperationName> = Static<Operations[Name]["request"]>;
type ReplyOf<Name extends OperationName> = Static<Operations[Name]["reply"]>;

/** Reads answer; nothing of theirs is recorded. */
type ReadHandlers = {
  readonly [Name in NamesOf<"read">]: (
    request: RequestOf<Name>,
    context: ActionContext,
  ) => Promise<ReplyOf<Name>>;
};

/** Writes return work, which commits together with the record of its answer. */
type WriteHandlers = {
  readonly [Name in NamesOf<"write">]: (
    request: RequestOf<Name>,
    context: WriteContext,
  ) => Promise<Work<ReplyOf<Name>>>;
};

export type ActionHandlers = ReadHandlers & WriteHandlers;
