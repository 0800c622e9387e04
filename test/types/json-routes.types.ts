/** Compiled, never run: handlers of JSON routes that must not compile. */
import type { ACCESS_ROUTES } from "#contract/routes/access";
import type { ACTION_LOG_ROUTES } from "#contract/routes/action-log";
import type { FLOW_WATCH_ROUTES } from "#contract/routes/flow-watch";
import type { RouteHandlers } from "#platform/http/json-routes";

type Log = RouteHandlers<typeof ACTION_LOG_ROUTES>;
type Watch = RouteHandlers<typeof FLOW_WATCH_ROUTES>;
type Access = RouteHandlers<typeof ACCESS_ROUTES>;

const log: Log["log"] = async ({ query }) => ({
  entries: [],
  next: query.limit > 50 && query.failed ? (query.before ?? null) : null,
});
const expect: Watch["expect-flows"] = async ({ body, account }) => void [body.expected, account];

// @ts-expect-error a member of the reply is missing
const short: Log["log"] = async () => ({ entries: [] });

// @ts-expect-error the role of the reply is not one
const role: Access["me"] = async () => ({
  account: "a",
  user_id: null,
  role: "owner",
  expires_at: null,
});

const unknownMember: Watch["expect-flows"] = async ({ body }) => {
  // @ts-expect-error the body has no such member
  void body.wanted;
};

const noParams: Watch["expect-flows"] = async ({ params }) => {
  // @ts-expect-error the path has no parameters
  void params.id;
};

// @ts-expect-error a handler of the table is missing
const part: Watch = { "expect-flows": expect };

const misnamed: Watch = {
  "expect-flows": expect,
  "sync-settings": async () => ({ event_id: "1" }),
  // @ts-expect-error the table has no such route
  "forget-flows": expect,
};

export const all = [log, expect, short, role, unknownMember, noParams, part, misnamed];
