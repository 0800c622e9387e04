/** Is the case number found that an agent meant, and none where none was meant? */
import { describe, expect, it } from "vitest";
import { caseNumberCandidates } from "../../../../actions-server/salesforce/case-numbers.ts";

describe("caseNumberCandidates", () => {
  it.each([
    ["1026", ["1026", "00001026"]],
    ["00001026", ["00001026", "1026"]],
    ["  Case 00001026 ", ["00001026", "1026"]],
    ["#1026", ["1026", "00001026"]],
    ["case: #1026", ["1026", "00001026"]],
    ["Case no. 1026", ["1026", "00001026"]],
    ["Vorgang Nr.1026", ["Nr.1026", "1026", "00001026"]],
    ["CS-001026", ["CS-001026", "001026", "1026", "00001026"]],
    ["0001026", ["0001026", "1026", "00001026"]],
    ["123456789", ["123456789"]],
    ["１０２６", ["1026", "00001026"]],
    ["1026\u00a0", ["1026", "00001026"]],
    ["1026, 1027", ["1026", "00001026", "1027", "00001027"]],
    ["1026/00001026", ["1026", "00001026"]],
  ])("reads %j", (typed, candidates) => {
    expect(caseNumberCandidates(typed)).toEqual(candidates);
  });

  it.each([
    [""],
    ["   "],
    ["none"],
    ["#"],
    ["0"],
    ["00000000"],
    ["2026-11-25"],
    ["+31 6 1234-5678"],
    ["1026b"],
    ["https://acme.lightning.force.com/lightning/r/Case/5005g00000AbCdEAAV/view"],
    ["1026' OR Id != null"],
    ["1".repeat(31)],
    ["1 2 3 4 5 6 7 8 9 10 11"],
  ])("finds no number in %j", (typed) => {
    expect(caseNumberCandidates(typed)).toEqual([]);
  });
});
