/** The spans of time that date literals name. */
import { expect, it } from "vitest";
import { spanOf } from "#sandbox/salesforce/soql/date-spans";

// A Wednesday.
const NOW = new Date("2026-03-04T10:00:00Z");

it.each([
  ["TODAY", "2026-03-04", "2026-03-05"],
  ["YESTERDAY", "2026-03-03", "2026-03-04"],
  ["TOMORROW", "2026-03-05", "2026-03-06"],
  ["N_DAYS_AGO:4", "2026-02-28", "2026-03-01"],
  ["LAST_N_DAYS:2", "2026-03-02", "2026-03-05"],
  ["NEXT_N_DAYS:2", "2026-03-05", "2026-03-07"],
  ["LAST_90_DAYS", "2025-12-04", "2026-03-05"],
  ["THIS_WEEK", "2026-03-01", "2026-03-08"],
  ["LAST_WEEK", "2026-02-22", "2026-03-01"],
  ["NEXT_WEEK", "2026-03-08", "2026-03-15"],
  ["THIS_MONTH", "2026-03-01", "2026-04-01"],
  ["LAST_MONTH", "2026-02-01", "2026-03-01"],
  ["NEXT_YEAR", "2027-01-01", "2028-01-01"],
  ["LAST_YEAR", "2025-01-01", "2026-01-01"],
])("%s reaches from %s to before %s", (literal, start, end) => {
  expect(spanOf(literal, NOW)).toEqual({
    start: new Date(`${start}T00:00:00Z`),
    end: new Date(`${end}T00:00:00Z`),
  });
});
