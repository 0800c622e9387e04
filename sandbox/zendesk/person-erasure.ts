/** What is left of a person who is deleted: softly a record that nobody finds, for good an empty one. */
import { toSecondPrecision } from "../clock.ts";
import { recordInvalid } from "./errors.ts";
import type { UserRecord } from "./model.ts";
import { draftPerson } from "./person-events.ts";
import type { RouteDeps } from "./route.ts";

/** @throws ZendeskRefusal 422 while a ticket that they asked for is not closed; words inferred */
export function deletePerson(
  { store, switches }: Pick<RouteDeps, "store" | "switches">,
  user: UserRecord,
): UserRecord {
  if (switches.openTicketsKeepUsers) {
    let open = 0;
    for (const { requester_id, status } of store.tickets()) {
      if (requester_id === user.id && status !== "closed") open += 1;
    }
    if (open > 0) {
      throw recordInvalid("base", `${user.name} is requester on ${open} ticket(s) not closed`);
    }
  }
  return store.people.change(user, { active: false }, [
    draftPerson(undefined, "deleted", "User Deleted"),
  ]);
}

/** Nothing of them stays but ids and times; nothing is said of it to anybody. */
export function erasePerson(
  { store, now }: Pick<RouteDeps, "store" | "now">,
  user: UserRecord,
  executer: UserRecord,
): UserRecord {
  const { id, role, locale, time_zone, created_at, organization_id } = user;
  const at = toSecondPrecision(now());
  return store.people.erase({
    id,
    name: "Permanently Deleted User",
    email: null,
    phone: null,
    role,
    locale,
    time_zone,
    organization_id,
    default_group_id: null,
    active: false,
    suspended: user.suspended,
    created_at,
    updated_at: at,
    erased: { at, executer_id: executer.id },
  });
}
