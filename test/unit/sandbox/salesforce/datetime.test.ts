/** How instants are written and read. */
import { expect, it } from "vitest";
import { formatDatetime, isDay, parseDatetime } from "#sandbox/salesforce/datetime";

it("writes whole seconds in UTC", () => {
  expect(formatDatetime(new Date("2013-05-20T20:49:32.999Z"))).toBe("2013-05-20T20:49:32.000+0000");
});

it.each([
  ["2013-05-20T20:49:32Z", "2013-05-20T20:49:32.000Z"],
  ["2013-05-20T20:49:32.250+0000", "2013-05-20T20:49:32.250Z"],
  ["2013-05-20T22:49:32+02:00", "2013-05-20T20:49:32.000Z"],
  ["2013-05-20", undefined],
  ["2013-05-20T20:49:32", undefined],
  ["2013-13-20T20:49:32Z", undefined],
  ["Thu Jan 01 1970 00:00:00", undefined],
])("reads %s as %s", (text, instant) => {
  expect(parseDatetime(text)?.toISOString()).toBe(instant);
});

it.each([
  ["2024-02-29", true],
  ["2023-02-29", false],
  ["2024-2-9", false],
])("takes %s for a day: %j", (text, is) => {
  expect(isDay(text)).toBe(is);
});
