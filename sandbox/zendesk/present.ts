/** Writes records out as the API does: with addresses, copies and the members that are always empty here. */

import { defaultStatusId } from "./custom-statuses.ts";
import { attachmentUrl } from "./event-writer.ts";
import { toHtml } from "./html.ts";
import type {
  AttachmentRecord,
  AuditRecord,
  BrandRecord,
  CommentRecord,
  GroupRecord,
  OrganizationRecord,
  TicketFieldRecord,
  TicketFormRecord,
  TicketRecord,
  UserRecord,
} from "./model.ts";

/**
 * As incremental exports write it: nothing else has `generated_timestamp` (1,940 recorded tickets have none), and nothing
 * else shows deleted tickets.
 */
export function presentExportedTicket(ticket: TicketRecord, baseUrl: string): object {
  const { generated_timestamp, deletion } = ticket;
  return {
    ...presentTicket(ticket, baseUrl),
    ...(deletion && { status: "deleted" }),
    // Which words stand in for a text that is gone, the eraser chose: all have the subject's.
    ...(deletion?.erased && { description: ticket.subject }),
    generated_timestamp,
  };
}

export function presentTicket(ticket: TicketRecord, baseUrl: string): object {
  const {
    comments,
    channel,
    chats,
    generated_timestamp: _exported,
    support_type: _scope,
    deletion: _deletion,
    satisfaction,
    ...members
  } = ticket;
  return {
    url: `${baseUrl}/api/v2/tickets/${ticket.id}.json`,
    ...members,
    via: { channel, source: { from: {}, to: {}, rel: null } },
    raw_subject: ticket.subject,
    description: comments[0]?.body ?? "",
    recipient: null,
    collaborator_ids: [],
    follower_ids: [],
    email_cc_ids: [],
    forum_topic_id: null,
    problem_id: null,
    has_incidents: false,
    is_public: comments.some((comment) => comment.public),
    due_at: null,
    // A copy under a second name, as in life.
    fields: ticket.custom_fields,
    satisfaction_rating: satisfaction ?? null,
    custom_status_id: ticket.custom_status_id ?? defaultStatusId(ticket.status),
    sharing_agreement_ids: [],
    allow_channelback: false,
    allow_attachments: true,
    from_messaging_channel: chats !== undefined && channel !== "chat",
  };
}

/** Where a file is read; undefined: on the account's own host. */
export type FileAddress = (file: AttachmentRecord) => string | undefined;

export function presentAttachment(
  file: AttachmentRecord,
  baseUrl: string,
  addressOf?: FileAddress,
): object {
  const content_url = addressOf?.(file) ?? attachmentUrl(baseUrl, file);
  return {
    url: `${baseUrl}/api/v2/attachments/${file.id}.json`,
    id: file.id,
    file_name: file.file_name,
    content_url,
    mapped_content_url: content_url,
    content_type: file.content_type,
    size: file.size,
    width: null,
    height: null,
    inline: file.inline,
    deleted: false,
    malware_access_override: false,
    malware_scan_result: "malware_not_found",
    thumbnails: [],
  };
}

/** Which members the source of a merge's comment has is UNVERIFIED. */
function sourceOf({ merged_with: ids }: CommentRecord): object {
  if (!ids) return { from: {}, to: {}, rel: null };
  return { from: { ticket_id: ids[0], ticket_ids: ids }, to: {}, rel: "merge" };
}

export function presentComment(
  comment: CommentRecord,
  baseUrl: string,
  addressOf?: FileAddress,
): object {
  // Seen in the field: voice comments say nothing in their bodies.
  const texts = comment.data
    ? { type: "VoiceComment", body: null, html_body: null, plain_body: null, data: comment.data }
    : {
        type: "Comment",
        body: comment.body,
        html_body: comment.html_body ?? toHtml(comment.body),
        plain_body: comment.body,
      };
  return {
    id: comment.id,
    author_id: comment.author_id,
    ...texts,
    public: comment.public,
    attachments: comment.attachments.map((file) => presentAttachment(file, baseUrl, addressOf)),
    audit_id: comment.audit_id,
    via: { channel: comment.channel, source: sourceOf(comment) },
    created_at: comment.created_at,
    metadata: { system: {}, custom: {} },
  };
}

export function presentAudit(audit: AuditRecord, baseUrl: string, addressOf?: FileAddress): object {
  const { changes, comment, channel, others = [], ...members } = audit;
  return {
    ...members,
    metadata: { system: {}, custom: {} },
    events: [
      ...(comment ? [presentComment(comment, baseUrl, addressOf)] : []),
      ...changes,
      ...others,
    ],
    via: { channel, source: { from: {}, to: {}, rel: null } },
  };
}

/** 4 is an administrator, 0 an agent with a custom role; other agents and end users have none. */
function roleTypeOf({ role, custom_role_id = null }: UserRecord): number | null {
  if (role === "admin") return 4;
  return custom_role_id === null ? null : 0;
}

export function presentUser(user: UserRecord, baseUrl: string): object {
  const { merged_into: _merged, erased: _erased, ...members } = user;
  return {
    url: `${baseUrl}/api/v2/users/${user.id}.json`,
    external_id: null,
    custom_role_id: null,
    alias: null,
    details: null,
    notes: null,
    tags: [],
    user_fields: {},
    ...members,
    role_type: roleTypeOf(user),
    signature: null,
    photo: null,
    shared: false,
    shared_agent: false,
    shared_phone_number: null,
    verified: user.email !== null,
    locale_id: 1,
    last_login_at: null,
    ticket_restriction: user.role === "end-user" ? "requested" : null,
    only_private_comments: false,
    restricted_agent: false,
    moderator: user.role !== "end-user",
  };
}

export function presentGroup(group: GroupRecord, baseUrl: string): object {
  return {
    url: `${baseUrl}/api/v2/groups/${group.id}.json`,
    ...group,
    description: "",
    default: false,
    deleted: false,
    is_public: true,
    updated_at: group.created_at,
  };
}

export function presentOrganization(organization: OrganizationRecord, baseUrl: string): object {
  return {
    url: `${baseUrl}/api/v2/organizations/${organization.id}.json`,
    ...organization,
    group_id: null,
    domain_names: [],
    details: null,
    notes: null,
    shared_tickets: false,
    shared_comments: false,
    tags: [],
    organization_fields: {},
    updated_at: organization.created_at,
  };
}

export function presentBrand(brand: BrandRecord, baseUrl: string): object {
  return {
    url: `${baseUrl}/api/v2/brands/${brand.id}.json`,
    ...brand,
    brand_url: baseUrl,
    has_help_center: false,
    host_mapping: null,
    active: true,
    is_deleted: false,
    updated_at: brand.created_at,
  };
}

export function presentTicketForm(form: TicketFormRecord, baseUrl: string): object {
  return {
    url: `${baseUrl}/api/v2/ticket_forms/${form.id}.json`,
    ...form,
    raw_name: form.name,
    display_name: form.name,
    end_user_visible: true,
    position: 0,
    active: true,
    default: true,
    in_all_brands: true,
    restricted_brand_ids: [],
    ticket_field_ids: [],
    updated_at: form.created_at,
  };
}

export function presentTicketField(field: TicketFieldRecord, baseUrl: string): object {
  const { options, regexp_for_validation, ...members } = field;
  return {
    url: `${baseUrl}/api/v2/ticket_fields/${field.id}.json`,
    ...members,
    raw_title: field.title,
    description: "",
    active: true,
    required: false,
    regexp_for_validation: regexp_for_validation ?? null,
    visible_in_portal: !field.removable,
    agent_can_edit: true,
    tag: null,
    updated_at: field.created_at,
    ...(options
      ? {
          custom_field_options: options.map(([value, name], index) => ({
            id: field.id + 1_000 + index,
            name,
            raw_name: name,
            value,
            default: false,
          })),
        }
      : {}),
  };
}
