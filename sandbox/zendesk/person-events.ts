/**
 * What a change of a person emits: trigger events for ZIS, events for webhooks. Sources: Zendesk pages "ZIS trigger events: users" and
 * "Webhook event types"; of details beyond `previous` and `current` the members are inferred.
 */
import { metaOf } from "./event-writer.ts";
import type { EventMeta } from "./events.ts";
import type { IdentityRecord, UserRecord } from "./model.ts";

/** The eight properties of a person that an event carries. */
type UserSnapshot = {
  id: number;
  external_id: string | null;
  role: string;
  email: string | null;
  created_at: string;
  updated_at: string;
  organization_id: number | null;
  default_group_id: number | null;
};

type PersonDetail = {
  previous?: string | number | boolean | null;
  current?: string | number | boolean | null;
  tags_added?: string[];
  tags_removed?: string[];
  group?: { id: number };
  organization?: { id: number };
  identity?: { id: number; type: string; value: string; primary: boolean };
};

/** A happening before it is numbered. */
export interface PersonDraft {
  /** The tag of the trigger event; undefined where ZIS has none. */
  readonly tag: string | undefined;
  /** After `zen:event-type:`. */
  readonly webhook: string;
  /** The name for people. */
  readonly type: string;
  readonly detail: PersonDetail;
}

type UserEvent = {
  meta: EventMeta;
  type: string;
  user: UserSnapshot;
} & PersonDetail;

/** One thing that happened to a person. */
export interface PersonEvent {
  /** For ZIS; undefined where only webhooks know such an event. */
  readonly zis:
    | {
        readonly event_source: "support";
        readonly event_type: string;
        readonly input: { readonly user_event: UserEvent };
      }
    | undefined;
  /** `zen:event-type:user.…` */
  readonly webhook: string;
  readonly event: UserEvent;
}

/** Numbers drafts as the events of one change, with the person as it is afterwards. */
export function numberPersonEvents(
  drafts: readonly PersonDraft[],
  user: UserRecord,
  context: { readonly at: Date; readonly sequenceId: string; readonly firstOffset: number },
): PersonEvent[] {
  return drafts.map(({ tag, webhook, type, detail }, index) => {
    const event: UserEvent = {
      meta: metaOf(context, index, drafts.length),
      type,
      ...detail,
      user: {
        id: user.id,
        external_id: user.external_id ?? null,
        role: user.role,
        email: user.email,
        created_at: user.created_at,
        updated_at: user.updated_at,
        organization_id: user.organization_id,
        default_group_id: user.default_group_id,
      },
    };
    return {
      zis: tag && { event_source: "support", event_type: tag, input: { user_event: event } },
      webhook: `zen:event-type:${webhook}`,
      event,
    } as PersonEvent;
  });
}

export function draftPerson(
  tag: string | undefined,
  webhook: string,
  type: string,
  detail: PersonDetail = {},
): PersonDraft {
  return { tag: tag && `user.${tag}`, webhook: `user.${webhook}`, type, detail };
}

/** Members whose event has `previous` and `current`. */
const PLAIN = [
  ["name", "UserNameChanged", "name_changed", "Name Changed"],
  ["role", "UserRoleChanged", "role_changed", "Role Changed"],
  ["custom_role_id", "CustomRoleChanged", "custom_role_changed", "Custom Role Changed"],
  ["alias", "UserAliasChanged", "alias_changed", "Alias Changed"],
  ["details", "UserDetailsChanged", "details_changed", "Details Changed"],
  ["notes", "UserNotesChanged", "notes_changed", "Notes Changed"],
  ["external_id", "ExternalIdChanged", "external_id_changed", "External ID Changed"],
  ["time_zone", "TimeZoneChanged", "time_zone_changed", "Time Zone Changed"],
  ["default_group_id", "UserDefaultGroupChanged", "default_group_changed", "Default Group Changed"],
  ["active", "UserIsActiveChanged", "active_changed", "Active Status Changed"],
  ["suspended", undefined, "suspended_changed", "Suspended Changed"],
] as const satisfies readonly (readonly [keyof UserRecord, string | undefined, string, string])[];

/** What lies between two states of a person; nothing when only members changed that make no event. */
export function draftPersonChanges(before: UserRecord, after: UserRecord): PersonDraft[] {
  const plain = PLAIN.filter(
    ([member]) => (before[member] ?? null) !== (after[member] ?? null),
  ).map(([member, tag, webhook, type]) =>
    draftPerson(tag, webhook, type, {
      previous: before[member] ?? null,
      current: after[member] ?? null,
    }),
  );
  return [...plain, ...draftOrganization(before, after), ...draftTags(before, after)];
}

function draftOrganization(before: UserRecord, after: UserRecord): PersonDraft[] {
  const [left, joined] = [before.organization_id, after.organization_id];
  if (left === joined) return [];
  const membership = (tag: string, webhook: string, type: string, id: number | null) =>
    id === null ? [] : [draftPerson(tag, webhook, type, { organization: { id } })];
  return [
    ...membership(
      "UserOrganizationRemoved",
      "organization_membership_deleted",
      "Organization Removed",
      left,
    ),
    ...membership(
      "UserOrganizationAdded",
      "organization_membership_created",
      "Organization Added",
      joined,
    ),
  ];
}

function draftTags({ tags: before = [] }: UserRecord, { tags = [] }: UserRecord): PersonDraft[] {
  const tags_added = tags.filter((tag) => !before.includes(tag));
  const tags_removed = before.filter((tag) => !tags.includes(tag));
  if (tags_added.length + tags_removed.length === 0) return [];
  return [draftPerson("TagsChanged", "tags_changed", "Tags Changed", { tags_added, tags_removed })];
}

const IDENTITY_EVENTS = {
  Created: ["UserIdentityCreated", "identity_created", "Identity Created"],
  Changed: ["UserIdentityChanged", "identity_changed", "Identity Changed"],
  Deleted: ["UserIdentityRemoved", "identity_deleted", "Identity Deleted"],
} as const;

export function draftIdentity(
  what: keyof typeof IDENTITY_EVENTS,
  { id, type, value, primary }: IdentityRecord,
): PersonDraft {
  const [tag, webhook, name] = IDENTITY_EVENTS[what];
  return draftPerson(tag, webhook, name, { identity: { id, type, value, primary } });
}

export function draftGroup(what: "Added" | "Removed", id: number): PersonDraft {
  const webhook = what === "Added" ? "group_membership_created" : "group_membership_deleted";
  return draftPerson(`UserGroup${what}`, webhook, `Group ${what}`, { group: { id } });
}
