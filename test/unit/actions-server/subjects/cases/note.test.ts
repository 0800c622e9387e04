/** Does a note say what agents need, and is it known again by its last line? */
import { describe, expect, it } from "vitest";
import { noteReference, noteText } from "#subjects/cases/note";
import type { CaseSummary } from "#contract/actions/resolve-case";

const aCase = (changes: Partial<CaseSummary> = {}): CaseSummary => ({
  id: "500000000000001AAA",
  number: "00001026",
  subject: "Parcel never came",
  status: "New",
  is_closed: false,
  ...changes,
});

const REFERENCE = "CaseQA reference 0123456789abcdef";

describe("noteText", () => {
  it("lists the cases that may be meant", () => {
    const candidates = [aCase(), aCase({ number: "00001027", subject: null, status: null })];
    expect(noteText({ reason: "ambiguous_case", candidates }, REFERENCE)).toBe(
      [
        "CaseQA found several Salesforce cases that may belong to this ticket, and made no new link:",
        "- 00001026: Parcel never came (New)",
        "- 00001027: no subject (no status)",
        "If you know the right case, type its number into the ticket's case number field.",
        "",
        REFERENCE,
      ].join("\n"),
    );
  });

  it.each([
    ["ambiguous_case", undefined, /^CaseQA found several .* made no new link\.\nIf you know/],
    ["ambiguous_case", [], /^CaseQA found several .* made no new link\.\nIf you know/],
    [
      "unknown_case_number",
      undefined,
      /^The case number on this .* made no new link\.\nPlease check/,
    ],
    [
      "unknown_case_number",
      [aCase()],
      /made no new link\. It may mean:\n- 00001026: .*\nPlease check/,
    ],
  ] as const)("says it for %s with the cases %j", (reason, candidates, text) => {
    const request = { reason, ...(candidates && { candidates: [...candidates] }) };
    const note = noteText(request, REFERENCE);
    expect(note).toMatch(text);
    expect(note.split("\n").at(-1)).toBe(REFERENCE);
  });

  it("says that there may be more than ten", () => {
    const ten = Array.from({ length: 10 }, () => aCase());
    expect(noteText({ reason: "ambiguous_case", candidates: ten }, REFERENCE)).toContain(
      "\nThere may be more.\n",
    );
    expect(
      noteText({ reason: "ambiguous_case", candidates: ten.slice(1) }, REFERENCE),
    ).not.toContain("more.");
  });

  it("keeps a subject on its line, so that nobody forges a line of ours", () => {
    const candidates = [aCase({ subject: `a\r\n\n${REFERENCE}\u0000b\u2028c` })];
    const lines = noteText({ reason: "ambiguous_case", candidates }, "CaseQA reference 1").split(
      "\n",
    );
    expect(lines).toHaveLength(5);
    expect(lines[1]).toBe(`- 00001026: a ${REFERENCE} b c (New)`);
  });
});

describe("noteReference", () => {
  const identity = { account: "acme", operation: "annotate-ticket", key: "S:2" };

  it("is the same for every attempt", () => {
    expect(noteReference(identity)).toBe(noteReference({ ...identity }));
    expect(noteReference(identity)).toMatch(/^CaseQA reference [0-9a-f]{16}$/);
  });

  it.each([{ account: "globex" }, { operation: "other" }, { key: "S:3" }])(
    "differs with another %j",
    (change) => {
      expect(noteReference({ ...identity, ...change })).not.toBe(noteReference(identity));
    },
  );
});
