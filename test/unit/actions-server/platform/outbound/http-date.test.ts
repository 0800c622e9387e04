/** Is a header's time read only in the form that servers have to send? */
import { describe, expect, it } from "vitest";
import { readHttpDate } from "#platform/outbound/http-date";

describe("readHttpDate", () => {
  it("reads the form of RFC 9110", () => {
    expect(readHttpDate("Wed, 25 Nov 2026 08:00:30 GMT")).toBe(Date.UTC(2026, 10, 25, 8, 0, 30));
  });

  it.each([
    undefined,
    "",
    "1",
    "-1",
    "1795982400",
    "2026-11-25T08:00:30Z",
    "Wed, 25 Nov 2026 08:00:30 +0100",
    "Wed, 99 Xyz 2026 08:00:30 GMT",
  ])("reads nothing in %j", (text) => {
    expect(readHttpDate(text)).toBeUndefined();
  });
});
