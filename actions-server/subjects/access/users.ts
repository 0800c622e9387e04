/** What a user may do here: their role in Zendesk, read with the server's own credential. */
import { Type } from "typebox";
import type { Role } from "#contract/routes/route";
import { AppError } from "#platform/errors";
import { replyShape } from "#platform/outbound/reply-shape";
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskClient } from "#remotes/zendesk/client";

export interface FoundRole {
  /** Undefined: they may do nothing, because they are an end user, suspended or gone. */
  readonly role: Role | undefined;
  /** When Zendesk said so. */
  readonly answeredAt: Date;
}

/** Throws ZENDESK_ errors. */
export type FindRole = (userId: string, call: RemoteCall) => Promise<FoundRole>;

const readUser = replyShape(
  Type.Object({
    user: Type.Object({
      role: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      active: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
      suspended: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
    }),
  }),
);

/** Every page that an agent opens in Zendesk makes a call. */
const BELIEVED_MS = 60_000;
const MOST_KNOWN = 1_000;

interface UsersOptions {
  readonly client: Pick<ZendeskClient, "get">;
  readonly now: () => Date;
}

/** A server has one Zendesk account, so the role is cached by the user's id alone, for a minute. */
export function createFindRole({ client, now }: UsersOptions): FindRole {
  const known = new Map<string, FoundRole>();

  return async (userId, call) => {
    const remembered = known.get(userId);
    if (remembered && now().getTime() < remembered.answeredAt.getTime() + BELIEVED_MS) {
      return remembered;
    }
    const path = `/api/v2/users/${userId}.json`;
    const body = await client.get(path, {}, call);
    const role = body === undefined ? undefined : toRole(body, path);
    const found = { role, answeredAt: now() };
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(userId, found);
    return found;
  };
}

function toRole(body: unknown, path: string): Role | undefined {
  const read = readUser(body);
  if (!read.ok) {
    const text = `Zendesk answered GET ${path} in an unknown form: ${read.problem}`;
    throw new AppError("ZENDESK_REFUSED", text);
  }
  const { active, suspended } = read.value.user;
  if (active === false || suspended === true) return undefined;
  const role = read.value.user.role?.toLowerCase();
  return role === "admin" || role === "agent" ? role : undefined;
}
