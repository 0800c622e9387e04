/** Reads one of Zendesk's lists page by page, by its cursor. */
import { Type } from "typebox";
import { AppError } from "#platform/errors";
import { replyShape } from "#platform/outbound/reply-shape";
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskClient } from "./client.ts";

const MEMBERS = [
  "comments",
  "audits",
  "events",
  "deleted_tickets",
  "groups",
  "group_memberships",
  "ticket_fields",
] as const;
type ListMember = (typeof MEMBERS)[number];

export interface ListQuestion {
  readonly path: string;
  /** The member of the answer that holds the rows. */
  readonly member: ListMember;
  readonly query?: Readonly<Record<string, string>>;
  readonly mostPages: number;
}

/** Rows as they were sent; the caller checks their form. */
export interface ListPage {
  readonly rows: readonly unknown[];
  /** Sideloaded people; empty when they were not asked for. */
  readonly users: readonly unknown[];
}

export interface ListRead extends ListPage {
  /** False: reading stopped before the end of the list. */
  readonly isWhole: boolean;
}

/** The largest page (Zendesk API reference, "Pagination"). */
const PAGE_SIZE = "100";

const Rows = Type.Array(Type.Unknown());
/** Archived tickets have their audits in one answer without paging (Zendesk API reference, "Ticket audits"). */
const Meta = Type.Optional(
  Type.Object({
    has_more: Type.Boolean(),
    after_cursor: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  }),
);
const pageShape = (member: ListMember) =>
  replyShape(
    Type.Object({
      [member]: Rows,
      users: Type.Optional(Type.Union([Rows, Type.Null()])),
      meta: Meta,
    }),
  );
const READ_PAGE = Object.fromEntries(
  MEMBERS.map((member) => [member, pageShape(member)]),
) as Record<ListMember, ReturnType<typeof pageShape>>;

/**
 * All rows, or those up to the page for which `isEnough` holds. Undefined: the record does not exist. Throws ZENDESK_REFUSED
 * for an unknown form and for a cursor that does not advance, and what the client throws.
 */
export async function readList(
  client: Pick<ZendeskClient, "get">,
  { path, member, query = {}, mostPages }: ListQuestion,
  call: RemoteCall,
  isEnough: (page: ListPage) => boolean = () => false,
): Promise<ListRead | undefined> {
  const rows: unknown[] = [];
  const users: unknown[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const after: Record<string, string> = cursor === undefined ? {} : { "page[after]": cursor };
    const body = await client.get(path, { ...query, "page[size]": PAGE_SIZE, ...after }, call);
    if (body === undefined) return undefined;
    const page = READ_PAGE[member](body);
    if (!page.ok) {
      throw new AppError(
        "ZENDESK_REFUSED",
        `Zendesk answered GET ${path} in an unknown form: ${page.problem}`,
      );
    }
    const { meta, users: people } = page.value as Page;
    const read: ListPage = {
      rows: (page.value as Record<string, unknown[]>)[member] ?? [],
      users: people ?? [],
    };
    rows.push(...read.rows);
    users.push(...read.users);
    if (!meta?.has_more) return { rows, users, isWhole: true };
    if (isEnough(read)) break;
    cursor = nextCursor(meta.after_cursor, cursor, path);
  }
  return { rows, users, isWhole: false };
}

interface Page {
  readonly users?: unknown[] | null;
  readonly meta?: { readonly has_more: boolean; readonly after_cursor?: string | null };
}

/** A cursor that does not advance would loop forever. */
function nextCursor(next: string | null | undefined, last: string | undefined, path: string) {
  if (next !== null && next !== undefined && next !== last) return next;
  throw new AppError("ZENDESK_REFUSED", `GET ${path} promises more pages but gives no new cursor`);
}
