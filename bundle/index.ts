/** The bundle: which flows, actions and job specs Zendesk runs for us. Open this first. */
import { OPERATIONS, type OperationName } from "#contract/actions/operations";
import { CASE_LINK_REQUESTED, SETTINGS_SYNC } from "#contract/webhooks";
import { ZIS_TEMPLATE_VERSION, type Bundle, type Resource } from "#zis/model/bundle";
import { INTEGRATION_NAME } from "#zis/model/names";
import { onTicketEvent, onWebhook } from "./builders/job-spec.ts";
import { serverAction } from "./builders/server-action.ts";
import { caseLinkRequested } from "./flows/case-link-requested.ts";
import { settingsSync } from "./flows/settings-sync.ts";
import {
  TICKET_ASSIGNMENT_CHANGED,
  ticketAssignmentChanged,
} from "./flows/ticket-assignment-changed.ts";
import { TICKET_COMMENT_ADDED, ticketCommentAdded } from "./flows/ticket-comment-added.ts";
import { TICKET_COMMENT_REDACTED, ticketCommentRedacted } from "./flows/ticket-comment-redacted.ts";
import {
  TICKET_COMMENT_MADE_PRIVATE,
  ticketCommentMadePrivate,
} from "./flows/ticket-comment-made-private.ts";
import {
  TICKET_ATTACHMENT_REDACTED,
  ticketAttachmentRedacted,
} from "./flows/ticket-attachment-redacted.ts";
import { TICKET_MARKED_AS_SPAM, ticketMarkedAsSpam } from "./flows/ticket-marked-as-spam.ts";
import {
  TICKET_REQUESTER_CHANGED,
  ticketRequesterChanged,
} from "./flows/ticket-requester-changed.ts";
import { TICKET_TAGS_CHANGED, ticketTagsChanged } from "./flows/ticket-tags-changed.ts";
import { TICKET_CREATED, ticketCreated } from "./flows/ticket-created.ts";
import {
  TICKET_CUSTOM_FIELD_CHANGED,
  ticketCustomFieldChanged,
} from "./flows/ticket-custom-field-changed.ts";
import { TICKET_MERGED, ticketMerged } from "./flows/ticket-merged.ts";
import {
  TICKET_PERMANENTLY_DELETED,
  ticketPermanentlyDeleted,
} from "./flows/ticket-permanently-deleted.ts";
import { TICKET_SOFT_DELETED, ticketSoftDeleted } from "./flows/ticket-soft-deleted.ts";
import { TICKET_STATUS_CHANGED, ticketStatusChanged } from "./flows/ticket-status-changed.ts";
import { TICKET_UNDELETED, ticketUndeleted } from "./flows/ticket-undeleted.ts";

export interface BundleOptions {
  /** The integration's name: 1 to 64 of a-z, 0-9, - and _; unique over all Zendesk accounts. */
  readonly integration: string;
  /** The actions server's origin, without a slash at the end. */
  readonly serverUrl: string;
}

/** What `npm run bundle` writes; an installation renders it anew with its own names. */
export const GENERATED_OPTIONS: BundleOptions = {
  integration: "caseqa",
  serverUrl: "https://caseqa.example.com",
};

/**
 * The whole bundle as a plain value, its resources in a fixed order.
 *
 * @throws Error on an integration name that ZIS would refuse, or a server URL that is not an origin
 */
export function buildBundle(options: BundleOptions): Bundle {
  const { integration, serverUrl } = options;
  if (!INTEGRATION_NAME.test(integration)) {
    throw new Error(`"${integration}" is not an integration name: 1 to 64 of a-z, 0-9, - and _.`);
  }
  if (!/^https?:\/\/[^/?#]+$/.test(serverUrl)) {
    throw new Error(`"${serverUrl}" is not an origin: write it like https://caseqa.example.com`);
  }

  const operations = Object.keys(OPERATIONS) as OperationName[];
  const resources: readonly Resource[] = [
    ...operations.map((operation) => serverAction(serverUrl, operation)),
    ticketCreated(integration),
    ticketStatusChanged(integration),
    ticketCustomFieldChanged(integration),
    ticketAssignmentChanged(integration),
    ticketMerged(integration),
    ticketCommentAdded(integration),
    ticketCommentRedacted(integration),
    ticketCommentMadePrivate(integration),
    ticketAttachmentRedacted(integration),
    ticketMarkedAsSpam(integration),
    ticketRequesterChanged(integration),
    ticketTagsChanged(integration),
    ticketSoftDeleted(integration),
    ticketUndeleted(integration),
    ticketPermanentlyDeleted(integration),
    settingsSync(integration, SETTINGS_SYNC),
    caseLinkRequested(CASE_LINK_REQUESTED),
    onTicketEvent(integration, "ticket.TicketCreated", TICKET_CREATED),
    onTicketEvent(integration, "ticket.StatusChanged", TICKET_STATUS_CHANGED),
    onTicketEvent(integration, "ticket.CustomFieldChanged", TICKET_CUSTOM_FIELD_CHANGED),
    onTicketEvent(integration, "ticket.AgentAssignmentChanged", TICKET_ASSIGNMENT_CHANGED),
    onTicketEvent(integration, "ticket.GroupAssignmentChanged", TICKET_ASSIGNMENT_CHANGED),
    onTicketEvent(integration, "ticket.TicketMerged", TICKET_MERGED),
    onTicketEvent(integration, "ticket.CommentAdded", TICKET_COMMENT_ADDED),
    onTicketEvent(integration, "ticket.CommentRedacted", TICKET_COMMENT_REDACTED),
    onTicketEvent(integration, "ticket.CommentMadePrivate", TICKET_COMMENT_MADE_PRIVATE),
    onTicketEvent(integration, "ticket.AttachmentRedactedFromComment", TICKET_ATTACHMENT_REDACTED),
    onTicketEvent(integration, "ticket.MarkedAsSpam", TICKET_MARKED_AS_SPAM),
    onTicketEvent(integration, "ticket.RequesterChanged", TICKET_REQUESTER_CHANGED),
    onTicketEvent(integration, "ticket.TagsChanged", TICKET_TAGS_CHANGED),
    onTicketEvent(integration, "ticket.TicketSoftDeleted", TICKET_SOFT_DELETED),
    onTicketEvent(integration, "ticket.TicketUndeleted", TICKET_UNDELETED),
    onTicketEvent(integration, "ticket.TicketPermanentlyDeleted", TICKET_PERMANENTLY_DELETED),
    onWebhook(integration, SETTINGS_SYNC, SETTINGS_SYNC),
    onWebhook(integration, CASE_LINK_REQUESTED, CASE_LINK_REQUESTED),
  ];
  return {
    name: "CaseQA",
    description: "Joins Zendesk tickets, Salesforce cases and quality review as things happen.",
    zis_template_version: ZIS_TEMPLATE_VERSION,
    resources: Object.fromEntries(
      resources.map((resource) => [resource.properties.name, resource]),
    ),
  };
}
