/** Are the names of links written and read the same way, and no other name taken for one of ours? */
import { describe, expect, it } from "vitest";
import {
  caseLinkName,
  parseCaseLinkName,
  parseTicketLinkName,
  ticketLinkName,
  toCaseId18,
} from "#contract/links";

describe("names of tickets", () => {
  it("come back as they went", () => {
    expect(ticketLinkName("1001")).toBe("zendesk:ticket:1001");
    expect(parseTicketLinkName(ticketLinkName("9223372036854775807"))).toBe("9223372036854775807");
  });

  it.each([
    "zendesk:ticket:",
    "zendesk:ticket:0",
    "zendesk:ticket:12x",
    "zendesk:ticket:12\n",
    "xzendesk:ticket:12",
    "salesforce:case:12",
    "",
  ])("are not read from %j", (name) => {
    expect(parseTicketLinkName(name)).toBeUndefined();
  });
});

describe("names of cases", () => {
  it("come back as they went, in 18 characters", () => {
    expect(caseLinkName("5003000000D8cuIAAR")).toBe("salesforce:case:5003000000D8cuIAAR");
    expect(parseCaseLinkName("salesforce:case:5003000000D8cuIAAR")).toBe("5003000000D8cuIAAR");
    expect(parseCaseLinkName("salesforce:case:5003000000D8cuI")).toBe("5003000000D8cuIAAR");
  });

  it.each([
    "salesforce:case:",
    "salesforce:case:5003000000D8cu",
    "salesforce:case:5003000000D8cuIAA",
    "salesforce:case:5003000000D8cuIAARx",
    "salesforce:case:5003000000D8cu-AAR",
    // The check characters say that other letters are upper case.
    "salesforce:case:5003000000D8cuIAAA",
    "salesforce:case:5003000000d8cuiAAR",
    "zendesk:ticket:5003000000D8cuI",
  ])("are not read from %j", (name) => {
    expect(parseCaseLinkName(name)).toBeUndefined();
  });
});

describe("toCaseId18", () => {
  it.each([
    ["5003000000D8cuI", "5003000000D8cuIAAR"],
    ["000000000000000", "000000000000000AAA"],
    ["ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNO555"],
    ["abcdeabcdeabcde", "abcdeabcdeabcdeAAA"],
    ["Abcdeabcdeabcde", "AbcdeabcdeabcdeBAA"],
  ])("gives %s its check characters: %s", (short, long) => {
    expect(toCaseId18(short)).toBe(long);
    expect(toCaseId18(long)).toBe(long);
  });
});
