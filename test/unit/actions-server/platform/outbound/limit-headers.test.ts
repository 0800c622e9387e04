/** Are the platforms' limits read from every form of their headers? */
import { describe, expect, it } from "vitest";
import { readSalesforceLimits, readZendeskLimits } from "#platform/outbound/limit-headers";

const account = { name: "account", limit: 700, remaining: 699, resetSeconds: undefined };

describe("readZendeskLimits", () => {
  it.each([
    [{ "x-rate-limit": "700", "x-rate-limit-remaining": "699" }, [account]],
    [
      { "ratelimit-limit": "700", "ratelimit-remaining": "699", "ratelimit-reset": "41" },
      [{ ...account, resetSeconds: 41 }],
    ],
    [
      { "zendesk-ratelimit-tickets-update": "total=100; remaining=99; resets=7" },
      [{ name: "tickets-update", limit: 100, remaining: 99, resetSeconds: 7 }],
    ],
    [
      { "zendesk-ratelimit-incremental-exports": "total=10;remaining=9" },
      [{ name: "incremental-exports", limit: 10, remaining: 9, resetSeconds: undefined }],
    ],
    [
      { "rate-limit": "700", "rate-limit-remaining": "699", "rate-limit-reset": "41" },
      [{ ...account, resetSeconds: 41 }],
    ],
    [
      { "zendesk-rate-limit-tickets-index": "total=100; remaining=99; resets=7" },
      [{ name: "tickets-index", limit: 100, remaining: 99, resetSeconds: 7 }],
    ],
    [{ "x-rate-limit": "700" }, []],
    [{ "x-rate-limit": "many", "x-rate-limit-remaining": "-1" }, []],
    [{ "zendesk-ratelimit-x": "soon" }, []],
    [{}, []],
  ])("reads %j", (headers: Record<string, string>, limits) => {
    expect(readZendeskLimits(headers)).toEqual(limits);
  });
});

describe("a number outside its documented range", () => {
  const reported = (headers: Record<string, string>) =>
    readZendeskLimits({ "ratelimit-limit": "700", "ratelimit-remaining": "0", ...headers });

  it.each(["61", "1795982400", "999999999999"])("is not believed as a reset: %s", (reset) => {
    expect(reported({ "ratelimit-reset": reset })).toEqual([{ ...account, remaining: 0 }]);
  });

  it.each([
    ["600", 600],
    ["601", undefined],
    ["1795982400", undefined],
  ])("is not believed as a reset of an endpoint: %s", (resets, resetSeconds) => {
    const header = `total=30; remaining=0; resets=${resets}`;
    expect(readZendeskLimits({ "zendesk-ratelimit-tickets-update": header })).toEqual([
      { name: "tickets-update", limit: 30, remaining: 0, resetSeconds },
    ]);
  });

  it("is no more than the limit, and no limit at all at 0", () => {
    expect(reported({ "ratelimit-remaining": "70000" })).toEqual([{ ...account, remaining: 700 }]);
    expect(reported({ "ratelimit-limit": "0" })).toEqual([]);
    expect(readSalesforceLimits({ "sforce-limit-info": "api-usage=0/0" })).toEqual([]);
  });
});

describe("readSalesforceLimits", () => {
  it.each([
    ["api-usage=10018/100000", 89_982],
    ["api-usage=18/100000; api-bursts=1/750", 99_982],
    ["per-app-api-usage=17/250(appName=x); api-usage=5/100000", 99_995],
    ["api-usage=100001/100000", 0],
  ])("reads %j", (header, remaining) => {
    expect(readSalesforceLimits({ "sforce-limit-info": header })).toEqual([
      { name: "account", limit: 100_000, remaining, resetSeconds: undefined },
    ]);
  });

  it.each([undefined, "per-app-api-usage=17/250(appName=x)", "api-usage=a/b"])(
    "passes over %j",
    (header) => {
      expect(
        readSalesforceLimits(header === undefined ? {} : { "sforce-limit-info": header }),
      ).toEqual([]);
    },
  );
});
