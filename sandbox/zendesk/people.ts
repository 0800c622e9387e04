/** The people of the account: found by id and address, changed in one way, and what a change emits. */
import { toSecondPrecision } from "../clock.ts";
import type { IdentityRecord, UserRecord } from "./model.ts";
import { draftPerson, draftPersonChanges, type PersonDraft } from "./person-events.ts";
import type { RecordTable } from "./record-table.ts";

/** A new person without what is added to it. */
type NewPerson = Pick<UserRecord, "name" | "email"> & Partial<UserRecord>;

export interface People {
  get(id: number): UserRecord | undefined;
  /** The person who has this address as a first or further one, whatever its letters' case. */
  byEmail(email: string): UserRecord | undefined;
  /** Agents and administrators who are not deleted. */
  staff(): readonly UserRecord[];
  /** Deleted people, those deleted for good included. */
  deleted(): readonly UserRecord[];
  byExternalId(externalId: string): UserRecord | undefined;
  add(person: NewPerson): UserRecord;
  /** Keeps what is left of somebody who is deleted for good; nobody is told. */
  erase(user: UserRecord): UserRecord;
  /** Changes members; `also` happened with it. Nothing is kept or emitted when nothing is different. */
  change(user: UserRecord, changes: Partial<UserRecord>, also?: readonly PersonDraft[]): UserRecord;
  /** Addresses and numbers, the first of a kind first. */
  identities(userId: number): readonly IdentityRecord[];
  /** Replaces them, and says what happened. */
  setIdentities(
    user: UserRecord,
    identities: readonly IdentityRecord[],
    happened: readonly PersonDraft[],
  ): UserRecord;
  newIdentity(user: UserRecord, type: string, value: string): IdentityRecord;
}

interface PeopleOptions {
  readonly table: RecordTable<UserRecord>;
  /** Those who are there from the start. */
  readonly seeds: readonly UserRecord[];
  /** Of a history that is too large to hold. */
  readonly historicByEmail: (email: string) => UserRecord | undefined;
  readonly now: () => Date;
  readonly emit: (drafts: readonly PersonDraft[], user: UserRecord) => void;
}

const FIRST_NEW_USER_ID = 430_000_000_000_017;
/** Numbers of identities that a person has from the start lie apart from those of new ones. */
const FIRST_SEEDED_IDENTITY = 1_000_000_000_000;
const FIRST_NEW_IDENTITY = 470_000_000_000_003;

export function createPeople(options: PeopleOptions): People {
  const { table, seeds, now, emit } = options;
  const idsByEmail = new Map<string, number>();
  const staffIds = new Set<number>();
  const deletedIds = new Set<number>();
  const identities = new Map<number, readonly IdentityRecord[]>();
  let nextUserId = FIRST_NEW_USER_ID;
  let nextIdentityId = FIRST_NEW_IDENTITY;

  function index(user: UserRecord): void {
    if (user.role !== "end-user") staffIds.add(user.id);
    if (user.active) deletedIds.delete(user.id);
    else deletedIds.add(user.id);
    if (user.active && user.email !== null) idsByEmail.set(user.email.toLowerCase(), user.id);
    if (!user.active) forgetAddresses(user.id);
  }

  /** Nobody is found by a deleted person's addresses, so that somebody else may have them. */
  function forgetAddresses(userId: number): void {
    for (const { value } of identitiesOf(userId)) {
      if (idsByEmail.get(value.toLowerCase()) === userId) idsByEmail.delete(value.toLowerCase());
    }
  }

  /** What a person has who was never changed: the address and number of the record. */
  function identitiesOf(userId: number): readonly IdentityRecord[] {
    const known = identities.get(userId);
    const user = table.get(userId);
    if (known || !user) return known ?? [];
    const first = (type: string, value: string | null, offset: number): IdentityRecord[] =>
      value === null
        ? []
        : [
            {
              id: FIRST_SEEDED_IDENTITY + (userId % FIRST_SEEDED_IDENTITY) * 2 + offset,
              user_id: userId,
              type,
              value,
              primary: true,
              verified: true,
              created_at: user.created_at,
              updated_at: user.created_at,
            },
          ];
    return [...first("email", user.email, 0), ...first("phone_number", user.phone, 1)];
  }

  for (const user of seeds) index(user);

  function keep(user: UserRecord, drafts: readonly PersonDraft[]): UserRecord {
    const kept = { ...user, updated_at: toSecondPrecision(now()) };
    table.set(kept);
    index(kept);
    emit(drafts, kept);
    return kept;
  }

  return {
    get: (id) => table.get(id),
    byEmail(email) {
      const id = idsByEmail.get(email.toLowerCase()) ?? options.historicByEmail(email)?.id;
      const user = table.get(id ?? 0);
      return user?.active === true ? user : undefined;
    },
    byExternalId(externalId) {
      const wanted = externalId.toLowerCase();
      for (const user of table.byId()) {
        if (user.active && user.external_id?.toLowerCase() === wanted) return user;
      }
      return undefined;
    },
    erase(user) {
      identities.set(user.id, []);
      return keep(user, []);
    },
    staff: () =>
      [...staffIds]
        .map((id) => table.get(id))
        .filter((user): user is UserRecord => user?.active === true && user.role !== "end-user"),
    deleted: () =>
      [...deletedIds]
        .map((id) => table.get(id))
        .filter((user): user is UserRecord => user !== undefined),
    add(person) {
      const at = toSecondPrecision(now());
      const user: UserRecord = {
        id: nextUserId,
        role: "end-user",
        phone: null,
        locale: "en-GB",
        time_zone: "London",
        organization_id: null,
        default_group_id: null,
        active: true,
        suspended: false,
        created_at: at,
        updated_at: at,
        ...person,
      };
      nextUserId += 1;
      return keep(user, [draftPerson("UserCreated", "created", "User Created")]);
    },
    change(user, changes, also = []) {
      const after = { ...user, ...changes };
      if (JSON.stringify(after) === JSON.stringify(user) && also.length === 0) return user;
      return keep(after, [...draftPersonChanges(user, after), ...also]);
    },
    identities: identitiesOf,
    setIdentities(user, list, happened) {
      forgetAddresses(user.id);
      identities.set(user.id, list);
      for (const { type, value } of list) {
        if (type === "email") idsByEmail.set(value.toLowerCase(), user.id);
      }
      const primary = (type: string) =>
        list.find((one) => one.type === type && one.primary)?.value ?? null;
      return keep({ ...user, email: primary("email"), phone: primary("phone_number") }, happened);
    },
    newIdentity(user, type, value) {
      const at = toSecondPrecision(now());
      nextIdentityId += 1;
      return {
        id: nextIdentityId,
        user_id: user.id,
        type,
        value,
        primary: false,
        verified: false,
        created_at: at,
        updated_at: at,
      };
    },
  };
}
