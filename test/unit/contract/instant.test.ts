/** Is only a date that exists read as an instant? */
import { describe, expect, it } from "vitest";
import { isFarAhead, readInstant } from "#contract/instant";

describe("readInstant", () => {
  it.each([
    ["2026-11-25T08:00:00Z", "2026-11-25T08:00:00.000Z"],
    ["2026-11-25T08:00:00.123456789+01:30", "2026-11-25T06:30:00.123Z"],
    ["2024-02-29T23:59:59-00:00", "2024-02-29T23:59:59.000Z"],
    ["2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z"],
    ["2026-12-31T23:59:59Z", "2026-12-31T23:59:59.000Z"],
  ])("reads %s", (text, read) => expect(readInstant(text)?.toISOString()).toBe(read));

  it.each([
    "2026-02-30T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2100-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "2026-13-10T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:00+99:00",
    "0000-06-01T00:00:00Z",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "2026-01-01T00:00:00",
    "2026-01-01",
    " 2026-01-01T00:00:00Z",
    "1764057600",
    "",
  ])("does not read %j", (text) => expect(readInstant(text)).toBeUndefined());
});

it("isFarAhead allows a day", () => {
  const now = new Date("2026-11-25T08:00:00Z");
  expect(isFarAhead(new Date("2026-11-26T08:00:00Z"), now)).toBe(false);
  expect(isFarAhead(new Date("2026-11-26T08:00:00.001Z"), now)).toBe(true);
});
