/** Salesforce ids in both lengths. */
import { assert, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { mintId, toId18 } from "#sandbox/salesforce/ids";

describe("an id", () => {
  // The pair is the example of Salesforce's help on 15 and 18 character ids.
  it("gets the check characters that the platform gives", () => {
    expect(toId18("001A0000006Vm9r")).toBe("001A0000006Vm9rIAC");
  });

  it("is the same in both lengths and unlike any other serial's", () => {
    assert(
      property(nat(), nat(), (one, other) => {
        const id = mintId("500", one);
        expect(toId18(id.slice(0, 15))).toBe(id);
        expect(toId18(id)).toBe(id);
        if (one !== other) expect(mintId("500", other).toLowerCase()).not.toBe(id.toLowerCase());
      }),
    );
  });

  it.each(["", "500", "001A0000006Vm9rIAB", "001A0000006Vm-r", "001A0000006Vm9rI"])(
    "is not %j",
    (text) => {
      expect(toId18(text)).toBeUndefined();
    },
  );
});
