import type { JSONColumnType } from "kysely";

declare module "#platform/db/schema" {
  interface Database {
    qa_groups: QaGroupTable;
    qa_group_members: QaGroupMemberTable;
    qa_fields: QaFieldTable;
  }
}

/** A group of agents in Zendesk. */
interface QaGroupTable {
  account_id: string;
  group_id: string;
  name: string;
  /** Since when Zendesk lists it no more, or as deleted; null: it is there. */
  removed_at: Date | null;
  read_at: Date;
}

interface QaGroupMemberTable {
  account_id: string;
  group_id: string;
  user_id: string;
  is_default: boolean;
}

/** A field of tickets: what its values are called. */
interface QaFieldTable {
  account_id: string;
  field_id: string;
  type: string;
  title: string;
  options: JSONColumnType<{ readonly value: string; readonly label: string }[]>;
  is_active: boolean;
  /** Since when Zendesk lists it no more; null: it is there. What tickets hold of it stays. */
  removed_at: Date | null;
  read_at: Date;
}
