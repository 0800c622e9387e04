/**
 * What the form to fire an event starts with: an input of the event's documented shape, or the members
 * that the flow reads. Shapes: Zendesk pages on ZIS trigger events and on Amazon EventBridge, which share
 * them; members that those pages name without a sample are inferred from their neighbours.
 */
import type { Json, JsonObject } from "../model/json.ts";

export interface SampleOptions {
  readonly event_source: string;
  readonly event_type: string;
  readonly now: () => Date;
  readonly newId: () => string;
  /** The text of the flow and its actions, from which the input of other sources is guessed. */
  readonly definitions: string;
}

/** A sample of `$.input`. Each one of a Zendesk event has a reference and a sequence of its own. */
export function sampleInput(options: SampleOptions): JsonObject {
  const { event_source, event_type } = options;
  const [subject = "", change = ""] = event_type.split(".");
  const native = event_source === "support" ? own(NATIVE, subject) : undefined;
  return native ? native(change, options) : inputRead(options.definitions);
}

const NATIVE: Readonly<Record<string, (change: string, options: SampleOptions) => JsonObject>> = {
  ticket: (change, options) => ({
    ticket_event: {
      meta: meta(options),
      type: eventName(change),
      ...ticketDetail(change),
      ticket: ticket(options, change),
    },
  }),
  user: (change, options) => ({
    user_event: {
      meta: meta(options),
      type: eventName(change),
      ...own(USER_DETAILS, change),
      user: user(options),
    },
  }),
  organization: (change, options) => ({
    organization_event: {
      meta: meta(options),
      type: eventName(change),
      ...own(ORGANIZATION_DETAILS, change),
      organization: organization(options),
    },
  }),
  customobject: (change, options) => ({
    custom_object_event: {
      // Events of custom objects have a version of their own and no sequence.
      meta: { version: "2.0", occurred_at: seconds(options), ref: reference(options) },
      type: eventName(change),
      custom_object_record: record(options),
    },
  }),
};

/** Names for people that are not the tag with spaces in it. */
const NAMES: Readonly<Record<string, string>> = {
  AttachmentLinkedToComment: "Attachment Linked to Comment",
  AttachmentRedactedFromComment: "Attachment Redacted from Comment",
  CcsChanged: "Email CCs Changed",
  CommentAdded: "Comment Created",
  ExternalIdChanged: "External ID Changed",
  MarkedAsSpam: "Ticket Marked as Spam",
  TicketFormChanged: "Form Changed",
  UserIdentityRemoved: "Identity Deleted",
  UserIsActiveChanged: "Active Status Changed",
};

/** An entry of a table; what every object has is none. */
function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function eventName(change: string): string {
  return own(NAMES, change) ?? change.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ");
}

function seconds({ now }: SampleOptions): string {
  return `${now().toISOString().slice(0, 19)}Z`;
}

function hexadecimal({ newId }: SampleOptions): string {
  return newId().replaceAll("-", "").toUpperCase();
}

/** A small number and a large one, as references look. */
function reference(options: SampleOptions): string {
  return `7-${Number.parseInt(hexadecimal(options).slice(0, 7), 16)}`;
}

function meta(options: SampleOptions): JsonObject {
  return {
    version: "1.0",
    occurred_at: seconds(options),
    ref: reference(options),
    sequence: { id: hexadecimal(options), position: 1, total: 1 },
  };
}

const AGENT = 7_300_041;
const REQUESTER = 7_300_958;
const GROUP = 5_120_011;

function change(previous: Json, current: Json): JsonObject {
  return { previous, current };
}

const ATTACHMENT: JsonObject = {
  attachment: {
    id: 9_100_377,
    content_url: "https://acme.zendesk.com/attachments/token/sample/?name=receipt.png",
    content_type: "image/png",
    filename: "receipt.png",
    is_public: true,
    comment_id: 8_800_652,
  },
};

const COMMENT: JsonObject = {
  comment: {
    id: 8_800_652,
    body: "The receipt is attached. Could you have a look?",
    is_public: true,
    author: { id: REQUESTER, name: "Mira Example", is_staff: false },
  },
};

/** What each kind of ticket event has besides meta, type and ticket. */
const TICKET_DETAILS: Readonly<Record<string, JsonObject>> = {
  AgentAssignmentChanged: change(null, AGENT),
  AttachmentLinkedToComment: ATTACHMENT,
  AttachmentRedactedFromComment: ATTACHMENT,
  BrandChanged: change(3_204, 3_205),
  CcsChanged: { users_added: [REQUESTER], users_removed: [] },
  CommentAdded: COMMENT,
  CommentMadePrivate: COMMENT,
  CommentRedacted: COMMENT,
  CustomFieldChanged: {
    custom_field: { id: 3_600_412, title: "Case number", field_type: "text" },
    ...change(null, "00001042"),
  },
  DescriptionChanged: change("The first description", "The second description"),
  ExternalIdChanged: change(null, "order-1042"),
  FollowersChanged: { users_added: [AGENT], users_removed: [] },
  GroupAssignmentChanged: change(null, GROUP),
  OrganizationChanged: change(null, 10_002),
  PriorityChanged: change("normal", "urgent"),
  ProblemLinkChanged: change(null, 35_000),
  RequesterChanged: change(7_300_111, REQUESTER),
  StatusChanged: change("open", "solved"),
  SubjectChanged: change("Receipt", "Receipt is missing"),
  SubmitterChanged: change(AGENT, REQUESTER),
  TagsChanged: { tags_added: ["vip"], tags_removed: ["trial"] },
  TaskDueAtChanged: change(null, "2030-01-31T12:00:00Z"),
  TicketFormChanged: change(6_876, 6_877),
  TicketMerged: { target_ticket_id: 35_440 },
  TicketTypeChanged: change("question", "incident"),
};

/** Other changes of a ticket carry nothing besides the ticket, or are too new to be known here. */
function ticketDetail(kind: string): JsonObject {
  return own(TICKET_DETAILS, kind) ?? {};
}

/** The sixteen members of the snapshot: no texts and no custom fields. */
function ticket(options: SampleOptions, kind: string): JsonObject {
  const status = kind === "TicketCreated" ? "new" : kind === "StatusChanged" ? "solved" : "open";
  return {
    id: 35_436,
    created_at: "2025-03-01T10:15:00Z",
    updated_at: seconds(options),
    type: "question",
    priority: "normal",
    status,
    requester_id: REQUESTER,
    submitter_id: REQUESTER,
    assignee_id: kind === "TicketCreated" ? null : AGENT,
    organization_id: null,
    group_id: GROUP,
    brand_id: 3_204,
    form_id: 6_876,
    external_id: null,
    tags: ["receipt"],
    via: { channel: "email" },
  };
}

const CUSTOM_CHECKBOX: JsonObject = {
  custom_field: { id: 1_000, title: "VIP", field_type: "checkbox" },
  ...change(false, true),
};

const USER_DETAILS: Readonly<Record<string, JsonObject>> = {
  CustomFieldChanged: CUSTOM_CHECKBOX,
  ExternalIdChanged: change(null, "crm-77"),
  TagsChanged: { tags_added: ["vip"], tags_removed: [] },
  UserAliasChanged: change(null, "Mira"),
  UserIsActiveChanged: change(true, false),
  UserNameChanged: change("M. Example", "Mira Example"),
  UserRoleChanged: change("end-user", "agent"),
};

function user(options: SampleOptions): JsonObject {
  return {
    id: REQUESTER,
    external_id: null,
    role: "end-user",
    email: "mira@example.com",
    created_at: "2025-01-20T09:00:00Z",
    updated_at: seconds(options),
    organization_id: 10_002,
    default_group_id: null,
  };
}

const ORGANIZATION_DETAILS: Readonly<Record<string, JsonObject>> = {
  CustomFieldChanged: CUSTOM_CHECKBOX,
  ExternalIdChanged: change(null, "crm-12"),
  TagsChanged: { tags_added: ["partner"], tags_removed: [] },
};

function organization(options: SampleOptions): JsonObject {
  return {
    id: 10_002,
    external_id: null,
    name: "Example Ltd",
    created_at: "2025-01-20T09:00:00Z",
    updated_at: seconds(options),
    shared_tickets: false,
    shared_comments: false,
    group_id: null,
  };
}

function record(options: SampleOptions): JsonObject {
  return {
    id: hexadecimal(options).slice(0, 26),
    name: "Sample record",
    custom_object_key: "car",
    external_id: null,
    custom_object_fields: { colour: "white" },
    created_at: "2025-01-20T09:00:00Z",
    created_by_user_id: AGENT,
    updated_at: seconds(options),
    updated_by_user_id: AGENT,
  };
}

const INPUT_PATH = /\$\.input((?:\.[A-Za-z_][\w-]*)+)/g;

/** An object with each member that the definitions read below `$.input`. */
function inputRead(definitions: string): JsonObject {
  const input = emptyObject();
  for (const [, path = ""] of definitions.matchAll(INPUT_PATH)) {
    const names = path.slice(1).split(".");
    const last = names.pop() ?? "";
    let object = input;
    for (const name of names) {
      const inner = object[name];
      object = isOpen(inner) ? inner : (object[name] = emptyObject());
    }
    object[last] ??= `sample ${last}`;
  }
  return input;
}

/** Without a prototype, so that any name can be a member. */
function emptyObject(): JsonObject {
  return Object.create(null) as JsonObject;
}

function isOpen(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
