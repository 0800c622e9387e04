/** Do the windows of a first load cover the whole time without a gap, and what do they cost? */
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import {
  calendarSpans,
  exportCallsOf,
  hoursOf,
  uncountedWindows,
  windowsOf,
} from "#subjects/sweep/windows";

const at = (text: string) => new Date(`${text}T00:00:00Z`);
const month = (text: string, next: string, tickets: number) => ({
  from: at(text),
  before: at(next),
  tickets,
});

describe("windowsOf", () => {
  it("joins months with few tickets, and begins with the newest", () => {
    const windows = windowsOf([
      month("2025-01-01", "2025-02-01", 10),
      month("2025-02-01", "2025-03-01", 4_000),
      month("2025-03-01", "2025-04-01", 4_000),
      month("2025-04-01", "2025-05-01", 9_000),
    ]);
    expect(windows).toEqual([
      { since: at("2025-04-01"), until: at("2025-05-01"), tickets: 9_000 },
      { since: at("2025-02-01"), until: at("2025-04-01"), tickets: 8_000 },
      { since: at("2025-01-01"), until: at("2025-02-01"), tickets: 10 },
    ]);
  });

  it("leaves no gap, whatever the counts", () => {
    const counts = fc.array(fc.nat(20_000), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(counts, (tickets) => {
        const span = { from: at("2020-01-01"), before: new Date(Date.UTC(2020, tickets.length)) };
        const months = calendarSpans(span, "month").map((one, index) => ({
          ...one,
          tickets: tickets[index] ?? 0,
        }));
        const windows = windowsOf(months).toReversed();
        expect(windows[0]?.since).toEqual(span.from);
        expect(windows.at(-1)?.until).toEqual(span.before);
        for (const [index, window] of windows.slice(1).entries()) {
          expect(window.since).toEqual(windows[index]?.until);
        }
        const total = tickets.reduce((sum, one) => sum + one, 0);
        expect(windows.reduce((sum, one) => sum + (one.tickets ?? 0), 0)).toBe(total);
      }),
    );
  });
});

describe("uncountedWindows", () => {
  it("begins the oldest window where it is asked to, and the months with the first ticket", () => {
    const span = { from: at("2007-01-01"), before: at("2026-02-10") };
    expect(uncountedWindows(span, at("2025-12-20"))).toEqual([
      { since: at("2026-02-01"), until: at("2026-02-10"), tickets: undefined },
      { since: at("2026-01-01"), until: at("2026-02-01"), tickets: undefined },
      { since: at("2007-01-01"), until: at("2026-01-01"), tickets: undefined },
    ]);
  });
});

describe("calendarSpans", () => {
  it("cuts the first and the last one, in UTC", () => {
    const span = { from: at("2024-11-15"), before: at("2026-02-10") };
    expect(calendarSpans(span, "year").map(({ from }) => from)).toEqual([
      at("2024-11-15"),
      at("2025-01-01"),
      at("2026-01-01"),
    ]);
    expect(calendarSpans(span, "year").at(-1)?.before).toEqual(at("2026-02-10"));
    expect(calendarSpans({ from: span.before, before: span.from }, "month")).toEqual([]);
  });
});

describe("hoursOf", () => {
  it("goes by the export's limit or the account's, whichever is slower", () => {
    const limits = { account: 1_000, exports: 10 };
    expect(hoursOf({ exportCalls: 600, messageTickets: 0 }, limits)).toBe(1);
    expect(hoursOf({ exportCalls: 0, messageTickets: 60_000 }, limits)).toBe(2);
    expect(exportCallsOf(0, 1_000)).toBe(1);
    expect(exportCallsOf(2_001, 1_000)).toBe(4);
  });
});
