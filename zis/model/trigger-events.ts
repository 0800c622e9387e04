/**
 * The events of the source "support" and what they carry. Source: ZIS trigger events, with the schemas of
 * Amazon EventBridge for the ticket; those of organizations and activities from public bundles. What is
 * only inferred from neighbours or from the webhooks' twins may have further members: it is open.
 */

/**
 * What is documented of a value. `word`: a text of Zendesk's own making, such as a status, a time or an id;
 * `text`: what people write; `texts`: a list of such; `any`: nothing is said. Each may be null as well.
 */
export type EventValue =
  | { readonly kind: "number" | "word" | "text" | "texts" | "any" }
  | EventObject;

interface EventObject {
  readonly kind: "object";
  readonly members: Readonly<Record<string, EventValue>>;
  /** True when there may be members that are not listed. */
  readonly open: boolean;
}

const number: EventValue = { kind: "number" };
const word: EventValue = { kind: "word" };
const text: EventValue = { kind: "text" };
const texts: EventValue = { kind: "texts" };
const any: EventValue = { kind: "any" };

type Members = Readonly<Record<string, EventValue>>;

const object = (members: Members): EventObject => ({ kind: "object", members, open: false });
const open = (members: Members): EventObject => ({ kind: "object", members, open: true });
const each = (names: string, value: EventValue): Members =>
  Object.fromEntries(names.split(" ").map((name) => [name, value]));
const changed = (value: EventValue): EventObject => object({ previous: value, current: value });

const NOTHING = object({});
const UNKNOWN = open({});

const COMMENT = {
  id: number,
  body: text,
  is_public: word,
  author: object({ id: number, name: text, is_staff: word }),
};
const ATTACHMENT = {
  ...each("id comment_id", number),
  ...each("content_type is_public", word),
  ...each("content_url filename", text),
};
const CUSTOM_FIELD = object({
  custom_field: object({ id: number, title: text, field_type: word }),
  previous: any,
  current: any,
});
const TAGS = object({ tags_added: texts, tags_removed: texts });

/** What an event of each type has besides meta, type and its subject. */
const DETAILS: Readonly<Record<string, Readonly<Record<string, EventObject>>>> = {
  ticket: {
    AgentAssignmentChanged: changed(number),
    AttachmentLinkedToComment: object({ attachment: object(ATTACHMENT) }),
    AttachmentRedactedFromComment: object({ attachment: open(ATTACHMENT) }),
    BrandChanged: changed(number),
    CommentAdded: object({ comment: object(COMMENT) }),
    CommentMadePrivate: object({ comment: open(COMMENT) }),
    CommentRedacted: object({ comment: open(COMMENT) }),
    CustomFieldChanged: CUSTOM_FIELD,
    DescriptionChanged: changed(text),
    CcsChanged: UNKNOWN,
    ExternalIdChanged: changed(text),
    FollowersChanged: UNKNOWN,
    TicketFormChanged: changed(number),
    GroupAssignmentChanged: changed(number),
    OrganizationChanged: changed(number),
    PriorityChanged: changed(word),
    ProblemLinkChanged: changed(number),
    RequesterChanged: changed(number),
    StatusChanged: changed(word),
    SubjectChanged: changed(text),
    SubmitterChanged: changed(number),
    TagsChanged: TAGS,
    TaskDueAtChanged: changed(word),
    TicketCreated: NOTHING,
    MarkedAsSpam: NOTHING,
    TicketMerged: open({ target_ticket_id: number }),
    TicketPermanentlyDeleted: NOTHING,
    TicketSoftDeleted: NOTHING,
    TicketTypeChanged: changed(word),
    TicketUndeleted: NOTHING,
  },
  user: {
    UserIsActiveChanged: changed(word),
    CustomFieldChanged: CUSTOM_FIELD,
    ...Object.fromEntries(
      "UserAliasChanged CustomRoleChanged UserDefaultGroupChanged UserDetailsChanged ExternalIdChanged UserGroupAdded UserGroupRemoved UserIdentityChanged UserIdentityCreated UserIdentityRemoved LastLoginChanged UserNameChanged UserNotesChanged OnlyPrivateCommentsChanged UserOrganizationAdded UserOrganizationRemoved UserPhotoChanged UserRoleChanged TagsChanged TimeZoneChanged UserCreated UserMerged"
        .split(" ")
        .map((name) => [name, UNKNOWN]),
    ),
  },
  organization: {
    CustomFieldChanged: CUSTOM_FIELD,
    ExternalIdChanged: UNKNOWN,
    OrganizationCreated: UNKNOWN,
    TagsChanged: UNKNOWN,
  },
  customobject: {
    CustomObjectRecordCreated: NOTHING,
    CustomObjectRecordChanged: NOTHING,
    CustomObjectRecordDeleted: NOTHING,
  },
  activity: { UserActivityCreated: UNKNOWN },
};

/** The member of `$.input` that holds an event, and what each such event carries. */
const ROOTS: Readonly<Record<string, readonly [name: string, common: Members]>> = {
  ticket: [
    "ticket_event",
    {
      ticket: object({
        ...each(
          "id requester_id submitter_id assignee_id organization_id group_id brand_id form_id",
          number,
        ),
        ...each("created_at updated_at type priority status", word),
        external_id: text,
        tags: texts,
        via: object({ channel: word }),
      }),
    },
  ],
  user: [
    "user_event",
    {
      user: object({
        ...each("id organization_id default_group_id", number),
        ...each("role created_at updated_at", word),
        ...each("external_id email", text),
      }),
    },
  ],
  organization: [
    "organization_event",
    {
      organization: object({
        ...each("id group_id", number),
        ...each("created_at updated_at shared_tickets shared_comments", word),
        ...each("external_id name", text),
      }),
    },
  ],
  customobject: [
    "custom_object_event",
    {
      custom_object_record: object({
        ...each("account_id created_by_user_id updated_by_user_id", number),
        ...each("custom_object_key id created_at updated_at", word),
        ...each("external_id name", text),
        custom_object_fields: UNKNOWN,
      }),
    },
  ],
};

const META = {
  ...each("version occurred_at ref", word),
  sequence: object({ id: word, position: number, total: number }),
};

/** The source of Zendesk's own events. */
export const SUPPORT_SOURCE = "support";

/** `ticket.TicketCreated` and the like. */
export const SUPPORT_EVENT_TYPES: readonly string[] = Object.entries(DETAILS).flatMap(
  ([subject, events]) => Object.keys(events).map((name) => `${subject}.${name}`),
);

/** What `$.input` is for an event of the source "support"; undefined when that is not documented. */
export function inputOfEvent(eventType: string): EventValue | undefined {
  const [subject = "", name = "", ...rest] = eventType.split(".");
  const details = own(own(DETAILS, subject) ?? {}, name);
  const root = own(ROOTS, subject);
  if (details === undefined || root === undefined || rest.length > 0) return undefined;
  const [member, common] = root;
  // Events of custom objects have no sequence.
  const { sequence: _none, ...metaOfRecords } = META;
  const meta = object(subject === "customobject" ? metaOfRecords : META);
  const members = { meta, type: word, ...common, ...details.members };
  return object({ [member]: { kind: "object", members, open: details.open } });
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
