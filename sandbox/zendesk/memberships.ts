/** Who is in which group: made, ended, made the default. Source: Zendesk API reference, "Group Memberships". */
import { toSecondPrecision } from "../clock.ts";
import { recordInvalid } from "./errors.ts";
import type { MembershipRecord, TicketRecord, UserRecord } from "./model.ts";
import { draftGroup } from "./person-events.ts";
import type { Actor, ZendeskStore } from "./store-contract.ts";

export interface Memberships {
  get(id: number): MembershipRecord | undefined;
  /** All, or those of a person or a group, by id. */
  list(of?: { readonly userId?: number; readonly groupId?: number }): readonly MembershipRecord[];
  /** @throws ZendeskRefusal 422 when the person is no agent or in the group already, or the group is unknown */
  add(userId: number, groupId: number, isDefault: boolean): MembershipRecord;
  /** Also takes the group's unsolved tickets from the person. */
  remove(membership: MembershipRecord, actor: Actor): void;
  removeAll(user: UserRecord, actor: Actor): void;
  makeDefault(membership: MembershipRecord): void;
}

const FIRST_ID = 360_010_000_000_009;

export function createMemberships(store: ZendeskStore, now: () => Date): Memberships {
  const { people } = store;
  const memberships = new Map<number, MembershipRecord>();
  let nextId = FIRST_ID;

  function keep(user_id: number, group_id: number, isDefault: boolean, at: string) {
    const membership: MembershipRecord = {
      id: nextId,
      user_id,
      group_id,
      default: isDefault,
      created_at: at,
      updated_at: at,
    };
    nextId += 1;
    memberships.set(membership.id, membership);
    return membership;
  }
  for (const agent of people.staff()) {
    if (agent.default_group_id !== null) {
      keep(agent.id, agent.default_group_id, true, agent.created_at);
    }
  }

  const list: Memberships["list"] = ({ userId, groupId } = {}) =>
    [...memberships.values()].filter(
      ({ user_id, group_id }) =>
        (userId === undefined || user_id === userId) &&
        (groupId === undefined || group_id === groupId),
    );

  /** One of a person's memberships is the default, and stands on the person too. */
  function setDefault(userId: number, groupId: number | null): void {
    for (const membership of list({ userId })) {
      const isDefault = membership.group_id === groupId;
      if (isDefault === membership.default) continue;
      const updated_at = toSecondPrecision(now());
      memberships.set(membership.id, { ...membership, default: isDefault, updated_at });
    }
    const user = people.get(userId);
    if (user) people.change(user, { default_group_id: groupId });
  }

  function unassign({ user_id, group_id }: MembershipRecord, actor: Actor): void {
    const theirs: TicketRecord[] = [];
    for (const ticket of store.tickets()) {
      const isDone = ticket.status === "solved" || ticket.status === "closed";
      const isTheirs = ticket.assignee_id === user_id && ticket.group_id === group_id;
      if (isTheirs && !isDone) theirs.push(ticket);
    }
    for (const ticket of theirs) store.update(ticket, { assignee_id: null }, actor);
  }

  function remove(membership: MembershipRecord, actor: Actor): void {
    const { id, user_id, group_id } = membership;
    memberships.delete(id);
    const user = people.get(user_id);
    if (user) people.change(user, {}, [draftGroup("Removed", group_id)]);
    // Which becomes the default is not documented: here the oldest that is left.
    if (membership.default) setDefault(user_id, list({ userId: user_id })[0]?.group_id ?? null);
    unassign(membership, actor);
  }

  return {
    get: (id) => memberships.get(id),
    list,
    add(userId, groupId, isDefault) {
      const user = people.get(userId);
      if (!user?.active || user.role === "end-user")
        throw recordInvalid("user", "User: is invalid");
      if (!store.data.groups.some(({ id }) => id === groupId)) {
        throw recordInvalid("group", "Group: is invalid");
      }
      if (list({ userId, groupId }).length > 0) {
        throw recordInvalid("user_id", "User has already been taken", "DuplicateValue");
      }
      const first = list({ userId }).length === 0;
      const made = keep(userId, groupId, false, toSecondPrecision(now()));
      people.change(user, {}, [draftGroup("Added", groupId)]);
      if (first || isDefault) setDefault(userId, groupId);
      return memberships.get(made.id) ?? made;
    },
    remove,
    removeAll(user, actor) {
      for (const membership of list({ userId: user.id })) remove(membership, actor);
    },
    makeDefault({ user_id, group_id }) {
      setDefault(user_id, group_id);
    },
  };
}
