/** Are the callers' traces taken up, and nonsense left alone? */
import { describe, expect, it } from "vitest";
import { formatTraceparent, parseTraceparent } from "#platform/tracing/traceparent";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

describe("parseTraceparent", () => {
  it.each([
    [`00-${TRACE}-${SPAN}-01`, 1],
    [`00-${TRACE}-${SPAN}-00`, 0],
    [` 00-${TRACE}-${SPAN}-03 `, 1],
    [`01-${TRACE}-${SPAN}-01-more`, 1],
  ])("takes %j", (text, traceFlags) => {
    expect(parseTraceparent(text)).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      traceFlags,
      isRemote: true,
    });
  });

  it.each([
    "",
    "nonsense",
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${"0".repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  ])("leaves %j alone", (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });

  it("reads what is written", () => {
    const text = `00-${TRACE}-${SPAN}-01`;
    expect(formatTraceparent(parseTraceparent(text)!)).toBe(text);
  });
});
