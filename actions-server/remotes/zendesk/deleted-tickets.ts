/** Reads which deleted tickets can still be restored; those that cannot are deleted for good. */
import { Type } from "typebox";
import { AppError } from "#platform/errors";
import { rowReader } from "#platform/outbound/reply-shape";
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskClient } from "./client.ts";
import { readList } from "./cursor-list.ts";
import { Id } from "./wire.ts";

/** The ids of all of them. Throws ZENDESK_REFUSED also when there are too many to read, and what the client throws. */
export type ReadRestorable = (call: RemoteCall) => Promise<ReadonlySet<string>>;

const PATH = "/api/v2/deleted_tickets.json";
/** Ten of them a minute may be asked for (Zendesk API reference, "Tickets", "List Deleted Tickets"). */
const MOST_PAGES = 50;

const readRows = rowReader(Type.Object({ id: Id }));

export function createReadRestorable(client: Pick<ZendeskClient, "get">): ReadRestorable {
  return async (call) => {
    const question = { path: PATH, member: "deleted_tickets", mostPages: MOST_PAGES } as const;
    const list = await readList(client, question, call);
    if (!list?.isWhole) {
      throw new AppError("ZENDESK_REFUSED", `GET ${PATH} has more than ${MOST_PAGES} pages`);
    }
    const { rows, skipped } = readRows(list.rows);
    if (skipped > 0) throw new AppError("ZENDESK_REFUSED", `GET ${PATH} has rows without an id`);
    return new Set(rows.map(({ id }) => String(id)));
  };
}
