/** Writes out what belongs to people: their identities, memberships of groups, and what is left of the deleted. */
import type { IdentityRecord, MembershipRecord, UserRecord } from "./model.ts";

export function presentIdentity(identity: IdentityRecord, baseUrl: string): object {
  const { id, user_id, type, verified, created_at } = identity;
  return {
    url: `${baseUrl}/api/v2/users/${user_id}/identities/${id}.json`,
    ...identity,
    verification_method: verified ? "full" : "none",
    verified_at: verified ? created_at : null,
    ...(type === "email" && { undeliverable_count: 0, deliverable_state: "deliverable" }),
  };
}

export function presentMembership(membership: MembershipRecord, baseUrl: string): object {
  return { url: `${baseUrl}/api/v2/group_memberships/${membership.id}.json`, ...membership };
}

/** Sixteen members only, of which those that say who it was are null once they are deleted for good. */
export function presentDeletedUser(user: UserRecord, baseUrl: string): object {
  const { id, name, email, created_at, updated_at, time_zone, phone, locale } = user;
  return {
    id,
    url: `${baseUrl}/api/v2/deleted_users/${id}.json`,
    name,
    email,
    created_at,
    updated_at,
    time_zone,
    phone,
    shared_phone_number: null,
    photo: null,
    locale_id: 1,
    locale,
    organization_id: user.organization_id,
    role: user.role,
    active: user.active,
  };
}
