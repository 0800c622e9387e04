/** Reads the limits in the platforms' replies, each number clamped to the documented range. */
import type { LimitReport } from "./budget.ts";

type Headers = Readonly<Record<string, string>>;

const ENDPOINT_HEADER = /^zendesk-rate-?limit-([a-z0-9_-]{1,64})$/;
/** The account's limit is one of requests a minute (Zendesk API reference, "Rate limits"). */
const ACCOUNT_WINDOW_SECONDS = 60;
/** The longest window of an endpoint that we call: 30 updates of a ticket in ten minutes (the same page). */
export const ENDPOINT_WINDOW_SECONDS = 600;
/** The account's limit, under whatever headers it comes. */
export const ACCOUNT_LIMIT = "account";
/** Limits of endpoints of Zendesk that only our background work calls. */
export const BACKGROUND_LIMITS: ReadonlySet<string> = new Set(["incremental-exports"]);

/**
 * The account's requests a minute, and those of endpoints with a limit of their own (Zendesk API reference, "Rate
 * limits"). Headers in another form are ignored.
 */
export function readZendeskLimits(headers: Headers): LimitReport[] {
  const limit = count(
    headers["ratelimit-limit"] ?? headers["rate-limit"] ?? headers["x-rate-limit"],
  );
  const remaining = count(
    headers["ratelimit-remaining"] ??
      headers["rate-limit-remaining"] ??
      headers["x-rate-limit-remaining"],
  );
  const resetSeconds = count(headers["ratelimit-reset"] ?? headers["rate-limit-reset"]);
  const account = { name: ACCOUNT_LIMIT, limit, remaining, resetSeconds };
  const found = toReports(account, ACCOUNT_WINDOW_SECONDS);
  for (const [header, value] of Object.entries(headers)) {
    const name = ENDPOINT_HEADER.exec(header)?.[1];
    if (name !== undefined) found.push(...readEndpoint(name, value));
  }
  return found;
}

/** Such as `total=10; remaining=9; resets=2`. */
function readEndpoint(name: string, value: string): LimitReport[] {
  const members = new Map(
    value.split(";").map((member) => {
      const [key = "", text] = member.trim().split("=");
      return [key, count(text)] as const;
    }),
  );
  const [limit, remaining] = [members.get("total"), members.get("remaining")];
  const said = { name, limit, remaining, resetSeconds: members.get("resets") };
  return toReports(said, ENDPOINT_WINDOW_SECONDS);
}

/**
 * The org's requests in a rolling day, such as `api-usage=10018/100000`, with more after it in some orgs (REST API
 * developer guide, "Limit Info Header").
 */
export function readSalesforceLimits(headers: Headers): LimitReport[] {
  const found = /(?:^|[;\s])api-usage=(\d{1,12})\/(\d{1,12})/.exec(
    headers["sforce-limit-info"] ?? "",
  );
  if (!found) return [];
  const [used, limit] = [Number(found[1]), Number(found[2])];
  const remaining = Math.max(0, limit - used);
  return toReports({ name: ACCOUNT_LIMIT, limit, remaining, resetSeconds: undefined });
}

interface SaidLimit {
  readonly name: string;
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  readonly resetSeconds: number | undefined;
}

/**
 * No report without both counts, nor of a limit of 0, which no plan has. A reset beyond the window says nothing: some
 * services send the epoch there.
 */
function toReports(said: SaidLimit, windowSeconds = Number.POSITIVE_INFINITY): LimitReport[] {
  const { name, limit, remaining, resetSeconds } = said;
  if (limit === undefined || limit < 1 || remaining === undefined) return [];
  return [
    {
      name,
      limit,
      remaining: Math.min(remaining, limit),
      resetSeconds: (resetSeconds ?? 0) > windowSeconds ? undefined : resetSeconds,
    },
  ];
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,12}\s*$/.test(text) ? Number(text) : undefined;
}
