/** What the platforms' replies tell of their limits. */
import type { LimitReport } from "./budget.ts";

type Headers = Readonly<Record<string, string>>;

const ENDPOINT_HEADER = /^zendesk-ratelimit-([a-z0-9_-]{1,64})$/;
/** The account's limit, under whatever headers it comes. */
export const ACCOUNT_LIMIT = "account";

/**
 * The account's requests a minute, and those of endpoints with a limit of their own (Zendesk API reference, "Rate
 * limits"). Headers in another form are passed over.
 */
export function readZendeskLimits(headers: Headers): LimitReport[] {
  const limit = count(headers["ratelimit-limit"] ?? headers["x-rate-limit"]);
  const remaining = count(headers["ratelimit-remaining"] ?? headers["x-rate-limit-remaining"]);
  const resetSeconds = count(headers["ratelimit-reset"]);
  const found: LimitReport[] = [];
  if (limit !== undefined && remaining !== undefined) {
    found.push({ name: ACCOUNT_LIMIT, limit, remaining, resetSeconds });
  }
  for (const [header, value] of Object.entries(headers)) {
    const name = ENDPOINT_HEADER.exec(header)?.[1];
    const report = name === undefined ? undefined : readEndpoint(name, value);
    if (report) found.push(report);
  }
  return found;
}

/** Such as `total=10; remaining=9; resets=2`. */
function readEndpoint(name: string, value: string): LimitReport | undefined {
  const members = new Map(
    value.split(";").map((member) => {
      const [key = "", text] = member.trim().split("=");
      return [key, count(text)] as const;
    }),
  );
  const limit = members.get("total");
  const remaining = members.get("remaining");
  if (limit === undefined || remaining === undefined) return undefined;
  return { name, limit, remaining, resetSeconds: members.get("resets") };
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
  return [{ name: ACCOUNT_LIMIT, limit, remaining, resetSeconds: undefined }];
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,12}\s*$/.test(text) ? Number(text) : undefined;
}
