/** The event types of the source "support". Source: ZIS trigger events; those of organizations and activities from public bundles. */

const NAMES: Readonly<Record<string, string>> = {
  ticket:
    "AgentAssignmentChanged AttachmentLinkedToComment AttachmentRedactedFromComment BrandChanged CommentAdded CommentMadePrivate CommentRedacted CustomFieldChanged DescriptionChanged CcsChanged ExternalIdChanged FollowersChanged TicketFormChanged GroupAssignmentChanged OrganizationChanged PriorityChanged ProblemLinkChanged RequesterChanged StatusChanged SubjectChanged SubmitterChanged TagsChanged TaskDueAtChanged TicketCreated MarkedAsSpam TicketMerged TicketPermanentlyDeleted TicketSoftDeleted TicketTypeChanged TicketUndeleted",
  user: "UserIsActiveChanged UserAliasChanged CustomFieldChanged CustomRoleChanged UserDefaultGroupChanged UserDetailsChanged ExternalIdChanged UserGroupAdded UserGroupRemoved UserIdentityChanged UserIdentityCreated UserIdentityRemoved LastLoginChanged UserNameChanged UserNotesChanged OnlyPrivateCommentsChanged UserOrganizationAdded UserOrganizationRemoved UserPhotoChanged UserRoleChanged TagsChanged TimeZoneChanged UserCreated UserMerged",
  organization: "CustomFieldChanged ExternalIdChanged OrganizationCreated TagsChanged",
  customobject: "CustomObjectRecordCreated CustomObjectRecordChanged CustomObjectRecordDeleted",
  activity: "UserActivityCreated",
};

/** `ticket.TicketCreated` and the like. */
export const SUPPORT_EVENT_TYPES: readonly string[] = Object.entries(NAMES).flatMap(
  ([subject, names]) => names.split(" ").map((name) => `${subject}.${name}`),
);
