/** What each step makes of values of every kind, and which definitions are refused. */
import { describe, expect, it } from "vitest";
import type { AttributeDefinition, AttributeType } from "#contract/attributes/definition";
import type { Step } from "#contract/attributes/steps";
import {
  inputsOf,
  openDefinition,
  type RawFields,
} from "#subjects/attributes/transforms/open-definition";

interface Given {
  readonly steps?: Step[];
  readonly type?: AttributeType;
  readonly others?: RawFields;
}

/** The value, or the problem as `code@step`. */
function valueOf(raw: unknown, { steps = [], type = "text", others = {} }: Given = {}): unknown {
  const opened = openDefinition({ subject: "ticket", field: "1", label: "Any", type, steps });
  if (opened.kind === "refused") return expect.fail(JSON.stringify(opened.refusals));
  const { value, problem } = opened.compute({ ...others, "1": raw });
  if (problem) return `${problem.code}@${problem.step}`;
  return value?.value ?? null;
}

/** The step's number and message. */
function refusalOf(...steps: Step[]): string {
  const opened = openDefinition({ subject: "ticket", field: "1", label: "A", type: "text", steps });
  if (opened.kind === "ready") return "none";
  return opened.refusals.map(({ step, message }) => `${step}: ${message}`).join("; ");
}

const at = (iso: string) => new Date(iso);

describe("a raw value without steps", () => {
  it.each<[unknown, AttributeType, unknown]>([
    ["gold", "text", "gold"],
    [7, "text", "7"],
    [true, "text", "true"],
    ["7.50", "number", 7.5],
    ["1,234.5", "number", 1234.5],
    ["12,34", "number", "not_a_number@1"],
    ["0x10", "number", "not_a_number@1"],
    [true, "number", "not_a_number@1"],
    ["36001234567890123", "number", "inexact_number@1"],
    ["36001234567890123", "text", "36001234567890123"],
    [false, "boolean", false],
    ["true", "boolean", true],
    ["yes", "boolean", "not_a_boolean@1"],
    ["2026-11-30T08:00:00+01:00", "instant", at("2026-11-30T07:00:00Z")],
    ["2026-02-30T08:00:00Z", "instant", "not_a_date@1"],
    ["2026-11-30", "instant", "not_a_date@1"],
    [["a", null, "b"], "texts", ["a", "b"]],
    ["a", "texts", ["a"]],
    [["a"], "text", "is_a_list@1"],
    [[["a"]], "texts", "unreadable@0"],
    [{ a: 1 }, "text", "unreadable@0"],
    [Number.NaN, "number", "unreadable@0"],
  ])("%j as %s is %j", (raw, type, wanted) => {
    expect(valueOf(raw, { type })).toEqual(wanted);
  });

  it.each([null, undefined, "", [], [null]])("is none where it is %j, in every type", (raw) => {
    for (const type of ["text", "texts", "number", "boolean", "instant"] as const) {
      expect(valueOf(raw, { type })).toBeNull();
    }
  });

  it("is too much beyond Zendesk's longest text, and beyond 500 options", () => {
    expect(valueOf("x".repeat(65_537))).toBe("too_long@0");
    expect(valueOf(Array(501).fill("x"), { type: "texts" })).toBe("too_many@0");
  });
});

describe("rename", () => {
  it("leaves the value alone", () => {
    expect(valueOf("gold", { steps: [{ do: "rename", to: "tier" }] })).toBe("gold");
  });
});

describe("label", () => {
  const options = { tier_gold: "Gold", tier_tin: "Tin", "3": "Three", true: "Yes" };

  it("replaces options, each of a list, and those that are numbers or ticks", () => {
    const steps: Step[] = [{ do: "label", options }];
    expect(valueOf("tier_gold", { steps })).toBe("Gold");
    expect(valueOf(["tier_tin", "tier_gold"], { steps, type: "texts" })).toEqual(["Tin", "Gold"]);
    expect(valueOf(3, { steps })).toBe("Three");
    expect(valueOf(true, { steps })).toBe("Yes");
    expect(valueOf(null, { steps })).toBeNull();
  });

  it("keeps an option that it does not know, or drops or reports it when told so", () => {
    const unknown = (otherwise?: "keep" | "null" | "problem") =>
      valueOf("tier_new", {
        steps: [{ do: "label", options, ...(otherwise && { otherwise }) }],
      });
    expect(unknown()).toBe("tier_new");
    expect(unknown("keep")).toBe("tier_new");
    expect(unknown("null")).toBeNull();
    expect(unknown("problem")).toBe("unknown_option@1");
  });

  it("takes no label from what every object has", () => {
    expect(valueOf("constructor", { steps: [{ do: "label", options: {} }] })).toBe("constructor");
  });
});

describe("date", () => {
  const read = (raw: unknown, zone: string, format?: string) =>
    valueOf(raw, { type: "instant", steps: [{ do: "date", zone, ...(format && { format }) }] });

  it("reads dates and times of the zone, and instants that name their own", () => {
    expect(read("2026-11-30", "Europe/Berlin")).toEqual(at("2026-11-29T23:00:00Z"));
    expect(read("2026-06-30 08:15", "America/New_York")).toEqual(at("2026-06-30T12:15:00Z"));
    expect(read("2026-06-30T08:15:07", "Asia/Kathmandu")).toEqual(at("2026-06-30T02:30:07Z"));
    expect(read("2026-06-30T08:15:07Z", "Asia/Tokyo")).toEqual(at("2026-06-30T08:15:07Z"));
    expect(read("30.11.2026 8 Uhr", "Europe/Berlin", "DD.MM.YYYY 8 Uhr")).toEqual(
      at("2026-11-29T23:00:00Z"),
    );
    expect(read(1_764_489_600, "UTC", "unix")).toEqual(at("2025-11-30T08:00:00Z"));
    expect(read("1764489600123", "UTC", "unix_ms")).toEqual(at("2025-11-30T08:00:00.123Z"));
  });

  it("takes the first of two instants that the clocks show alike, and moves what they leave out", () => {
    // Berlin, 25 October 2026: 02:30 comes twice. 29 March 2026: 02:30 never comes.
    expect(read("2026-10-25 02:30", "Europe/Berlin")).toEqual(at("2026-10-25T00:30:00Z"));
    expect(read("2026-03-29 02:30", "Europe/Berlin")).toEqual(at("2026-03-29T01:30:00Z"));
    // Beirut leaves midnight out on 29 March 2026.
    expect(read("2026-03-29", "Asia/Beirut")).toEqual(at("2026-03-28T22:00:00Z"));
  });

  it.each([
    "2026-02-30",
    "30.11.2026",
    "soon",
    "2026-13-01",
    "2026-11-30 24:00",
    5,
    true,
    "9999-12-31T23:59:59-01:00",
  ])("cannot read %j", (raw) => {
    expect(read(raw, "UTC")).toBe("not_a_date@1");
  });

  it("reads the years 0001 and 9999", () => {
    expect(read("0001-01-01", "UTC")).toEqual(at("0001-01-01T00:00:00Z"));
    expect(read("9999-12-31", "UTC")).toEqual(at("9999-12-31T00:00:00Z"));
    expect(read("0001-01-01", "Asia/Tokyo")).toBe("not_a_date@1");
  });

  it("is refused with a zone that is none and a format that names no day", () => {
    expect(refusalOf({ do: "date", zone: "Mars/Base" })).toBe(
      '1: there is no time zone "Mars/Base"',
    );
    for (const format of ["HH:mm", "YYYY-MM", "YYYY-YYYY-MM-DD", "x"]) {
      expect(refusalOf({ do: "date", zone: "UTC", format })).toMatch(/^1: the format/);
    }
  });
});

describe("date_text", () => {
  const write = (raw: unknown, zone: string, format: string) =>
    valueOf(raw, { steps: [{ do: "date_text", zone, format }] });

  it("writes what the clocks of the zone show", () => {
    expect(write("2026-11-30T23:30:00Z", "Asia/Tokyo", "DD/MM/YYYY HH:mm:ss")).toBe(
      "01/12/2026 08:30:00",
    );
    expect(write("2026-11-30T23:30:00Z", "UTC", "YYYY-MM")).toBe("2026-11");
  });

  it("writes only instants", () => {
    expect(write("2026-11-30", "UTC", "YYYY")).toBe("not_a_date@1");
    expect(refusalOf({ do: "date_text", zone: "UTC", format: "?" })).toMatch(/names nothing/);
  });
});

describe("scale", () => {
  const scale = (raw: unknown, step: Omit<Extract<Step, { do: "scale" }>, "do">) =>
    valueOf(raw, { type: "number", steps: [{ do: "scale", ...step }] });

  it("multiplies, adds and rounds, half away from zero by the decimals that are written", () => {
    expect(scale("4", { multiply: 20 })).toBe(80);
    expect(scale(212, { multiply: 5 / 9, add: -160 / 9, decimals: 0 })).toBe(100);
    expect(scale("1.005", { decimals: 2 })).toBe(1.01);
    expect(scale("-1.005", { decimals: 2 })).toBe(-1.01);
    expect(scale(-0.001, { decimals: 2 })).toBe(0);
    expect(scale(1e-9, { decimals: 2 })).toBe(0);
    expect(scale(0.1, { add: 0.2, decimals: 2 })).toBe(0.3);
  });

  it("reads both ways of writing decimals, and never the one for the other", () => {
    expect(scale("1.234,5", { decimal_mark: "," })).toBe(1234.5);
    expect(scale("1,234.5", {})).toBe(1234.5);
    expect(scale("1 234,5", { decimal_mark: "," })).toBe(1234.5);
    expect(scale("1,5", {})).toBe("not_a_number@1");
    expect(scale("1.5", { decimal_mark: "," })).toBe("not_a_number@1");
  });

  it("is no number where it would be infinite or another one", () => {
    expect(scale("1e308", { multiply: 10 })).toBe("inexact_number@1");
    expect(scale("9007199254740993", {})).toBe("inexact_number@1");
    expect(scale("five", {})).toBe("not_a_number@1");
  });
});

describe("boolean", () => {
  const steps: Step[] = [{ do: "boolean", true: ["Yes", "1"], false: ["no"] }];

  it("maps words whatever their case, and leaves ticks", () => {
    expect(valueOf(" YES ", { steps, type: "boolean" })).toBe(true);
    expect(valueOf(1, { steps, type: "boolean" })).toBe(true);
    expect(valueOf("No", { steps, type: "boolean" })).toBe(false);
    expect(valueOf(false, { steps, type: "boolean" })).toBe(false);
    expect(valueOf(null, { steps, type: "boolean" })).toBeNull();
  });

  it("turns a tick round when its word is mapped", () => {
    const steps: Step[] = [{ do: "boolean", true: ["false"], false: ["true"] }];
    expect(valueOf(true, { steps, type: "boolean" })).toBe(false);
  });

  it("reports or drops other words, and is refused with a word that is both", () => {
    expect(valueOf("maybe", { steps, type: "boolean" })).toBe("not_a_boolean@1");
    const lenient: Step[] = [{ do: "boolean", true: ["a"], false: ["b"], otherwise: "null" }];
    expect(valueOf("maybe", { steps: lenient, type: "boolean" })).toBeNull();
    expect(refusalOf({ do: "boolean", true: ["A"], false: ["b", "a "] })).toBe(
      '1: "a" is yes and no',
    );
  });
});

describe("split and join", () => {
  it("make lists of texts and texts of lists", () => {
    const split: Step = { do: "split", by: ";" };
    expect(valueOf(" a; b ;;c", { steps: [split], type: "texts" })).toEqual(["a", "b", "c"]);
    expect(valueOf(["a;b", "c"], { steps: [split], type: "texts" })).toEqual(["a", "b", "c"]);
    expect(valueOf(";", { steps: [split], type: "texts" })).toBeNull();
    expect(valueOf(["a", 2], { steps: [{ do: "join", with: ", " }] })).toBe("a, 2");
    expect(valueOf("a", { steps: [{ do: "join", with: ", " }] })).toBe("not_a_list@1");
    expect(valueOf("x;".repeat(501), { steps: [split], type: "texts" })).toBe("too_many@1");
  });
});

describe("regex", () => {
  const take = (raw: unknown, step: Omit<Extract<Step, { do: "regex" }>, "do">) =>
    valueOf(raw, { steps: [{ do: "regex", ...step }] });

  it("takes the first match or one of its groups", () => {
    expect(take("order AB-123 and CD-4", { pattern: "[A-Z]+-([0-9]+)" })).toBe("AB-123");
    expect(take("order AB-123", { pattern: "([A-Z]+)-([0-9]+)", group: 2 })).toBe("123");
    expect(take("order ab-1", { pattern: "AB-1", ignore_case: true })).toBe("ab-1");
    expect(take("b", { pattern: "(a)|b", group: 1 })).toBeNull();
    expect(take("الطلب ١٢", { pattern: "\\p{Nd}+" })).toBe("١٢");
  });

  it("drops, keeps or reports what does not match", () => {
    expect(take("none", { pattern: "[0-9]" })).toBeNull();
    expect(take("none", { pattern: "[0-9]", otherwise: "keep" })).toBe("none");
    expect(take("none", { pattern: "[0-9]", otherwise: "problem" })).toBe("not_matched@1");
  });

  it("is refused where it could take long, is wrong, or has too few groups", () => {
    const refuse = (pattern: string, group = 0) => refusalOf({ do: "regex", pattern, group });
    expect(refuse("(a?){500}a{500}")).toMatch(/repeats too much/);
    expect(refuse("((a{100}){100}){100}")).toMatch(/^1: /);
    expect(refuse("[")).toMatch(/^1: .*missing closing \]/);
    expect(refuse("(a)\\1")).toMatch(/^1: .*invalid escape/);
    expect(refuse("(?=a)")).toMatch(/^1: /);
    expect(refuse("(a)", 2)).toBe("1: the pattern has 1 groups");
  });

  it("ends soon with patterns that take others centuries", () => {
    const beganMs = performance.now();
    for (const pattern of ["(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)*(.*)*=", "(a|a?)+b"]) {
      expect(take("x".repeat(20_000), { pattern })).toBeNull();
    }
    expect(performance.now() - beganMs).toBeLessThan(20_000);
    expect(take("x".repeat(20_001), { pattern: "y" })).toBe("too_long@1");
  });
});

describe("coalesce", () => {
  const steps: Step[] = [{ do: "coalesce", fields: ["2", "priority"] }];

  it("takes the first field that has a value", () => {
    const others = { "2": "", priority: "high" };
    expect(valueOf("own", { steps, others })).toBe("own");
    expect(valueOf(null, { steps, others })).toBe("high");
    expect(valueOf("", { steps, others: { "2": false, priority: "high" } })).toBe("false");
    expect(valueOf(null, { steps })).toBeNull();
    expect(valueOf(null, { steps, others: { "2": {} } })).toBe("unreadable@1");
  });
});

describe("hash and mask", () => {
  it("hash by HMAC-SHA-256 under the salt, the same for both Unicode forms", () => {
    const steps: Step[] = [{ do: "hash", salt: "0123456789abcdef" }];
    // From `openssl dgst -sha256 -hmac 0123456789abcdef`.
    expect(valueOf("ann@example.com", { steps })).toBe(HASH);
    expect(valueOf("e\u0301", { steps })).toBe(valueOf("\u00e9", { steps }));
    expect(valueOf(null, { steps })).toBeNull();
  });

  it("mask all but the ends, and all where nothing would be hidden", () => {
    const mask = (raw: unknown, step = {}) => valueOf(raw, { steps: [{ do: "mask", ...step }] });
    expect(mask("secret")).toBe("******");
    expect(mask("4111111111111111", { keep_last: 4 })).toBe("************1111");
    expect(mask("ann", { keep_first: 1, keep_last: 1, with: "#" })).toBe("a#n");
    expect(mask("ab", { keep_first: 1, keep_last: 1 })).toBe("**");
    expect(mask("a😀b", { keep_first: 1 })).toBe("a**");
  });
});

const HASH = "9f70eb4f1d9f0194d58bc08c41ce2b3b2e4e580a424a246ce2484484122343df";

describe("constant", () => {
  it("stands even where there is no value", () => {
    expect(valueOf(null, { steps: [{ do: "constant", value: "web" }] })).toBe("web");
    expect(valueOf("x", { steps: [{ do: "constant", value: 3 }], type: "number" })).toBe(3);
  });
});

describe("jq", () => {
  it("is refused with the reason", () => {
    expect(refusalOf({ do: "rename", to: "a" }, { do: "jq", program: "." })).toBe(
      "2: jq is not available on this server: use the other steps",
    );
  });
});

describe("several steps", () => {
  it("go one after the other, and the first problem ends them", () => {
    const steps: Step[] = [
      { do: "split", by: "," },
      { do: "regex", pattern: "[0-9]+" },
      { do: "scale", multiply: 2 },
      { do: "join", with: "+" },
    ];
    expect(valueOf("a1, b, c3", { steps })).toBe("2+6");
    expect(
      valueOf("1", {
        steps: [
          { do: "join", with: "" },
          { do: "constant", value: 1 },
        ],
      }),
    ).toBe("not_a_list@1");
  });

  it("read the fields that they name and no other", () => {
    const steps: Step[] = [{ do: "coalesce", fields: ["2", "1", "3"] }];
    const definition: AttributeDefinition = {
      subject: "ticket",
      field: "1",
      label: "A",
      type: "text",
      steps,
    };
    const inputs = inputsOf(definition, { "1": null, "2": "x", "9": "y" });
    expect(inputs).toEqual({ "1": null, "2": "x" });
  });
});
