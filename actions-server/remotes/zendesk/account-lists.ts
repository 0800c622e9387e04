/** Reads how an account is set up: its groups, who is in them, and its ticket fields. */
import { Type, type Static, type TSchema } from "typebox";
import { AppError } from "#platform/errors";
import { rowReader } from "#platform/outbound/reply-shape";
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskClient } from "./client.ts";
import { readList, type ListQuestion } from "./cursor-list.ts";
import { Id, optional } from "./wire.ts";

export interface ZendeskGroup {
  readonly id: string;
  readonly name: string;
  readonly isDeleted: boolean;
}

export interface ZendeskMembership {
  readonly userId: string;
  readonly groupId: string;
  readonly isDefault: boolean;
}

export interface ZendeskField {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly isActive: boolean;
  /** Of fields with options: the value that tickets hold, and what people read. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** Each reads the whole list. Throws ZENDESK_ errors, also when the list is cut off. */
export interface AccountLists {
  groups(call: RemoteCall): Promise<readonly ZendeskGroup[]>;
  memberships(call: RemoteCall): Promise<readonly ZendeskMembership[]>;
  ticketFields(call: RemoteCall): Promise<readonly ZendeskField[]>;
}

/** A hundred rows each: more than any account is known to have. */
const MOST_PAGES = 500;

const GroupRow = Type.Object({
  id: Id,
  name: Type.String(),
  deleted: optional(Type.Boolean()),
});
const MembershipRow = Type.Object({ user_id: Id, group_id: Id, default: optional(Type.Boolean()) });
const OptionRow = Type.Object({ value: Type.String(), name: Type.String() });
const FieldRow = Type.Object({
  id: Id,
  type: Type.String(),
  title: Type.String(),
  active: optional(Type.Boolean()),
  custom_field_options: optional(Type.Array(Type.Unknown())),
});

const readOptions = rowReader(OptionRow);

export function createAccountLists(client: Pick<ZendeskClient, "get">): AccountLists {
  /** A row without what it is known by is left out: it could not be told from others. */
  async function read<S extends TSchema>(
    { path, member }: Pick<ListQuestion, "path" | "member">,
    readRows: (rows: readonly unknown[]) => { readonly rows: readonly Static<S>[] },
    call: RemoteCall,
  ): Promise<readonly Static<S>[]> {
    const list = await readList(client, { path, member, mostPages: MOST_PAGES }, call);
    if (list?.isWhole) return readRows(list.rows).rows;
    const what = list ? `has more than ${MOST_PAGES} pages` : "does not exist";
    throw new AppError("ZENDESK_REFUSED", `GET ${path} ${what}`);
  }

  const groupRows = rowReader(GroupRow);
  const membershipRows = rowReader(MembershipRow);
  const fieldRows = rowReader(FieldRow);
  return {
    async groups(call) {
      const question = { path: "/api/v2/groups.json", member: "groups" } as const;
      const rows = await read<typeof GroupRow>(question, groupRows, call);
      return rows.map(({ id, name, deleted }) => ({
        id: String(id),
        name,
        isDeleted: deleted === true,
      }));
    },
    async memberships(call) {
      const member = "group_memberships";
      const question = { path: "/api/v2/group_memberships.json", member } as const;
      const rows = await read<typeof MembershipRow>(question, membershipRows, call);
      return rows.map((row) => ({
        userId: String(row.user_id),
        groupId: String(row.group_id),
        isDefault: row.default === true,
      }));
    },
    async ticketFields(call) {
      const question = { path: "/api/v2/ticket_fields.json", member: "ticket_fields" } as const;
      const rows = await read<typeof FieldRow>(question, fieldRows, call);
      return rows.map(({ id, type, title, active, custom_field_options: options }) => ({
        id: String(id),
        type,
        title,
        isActive: active !== false,
        options: readOptions(options ?? []).rows.map(({ value, name }) => ({ value, label: name })),
      }));
    },
  };
}
