/** Do the transforms end, and never invent a value, whatever the definition and the raw values are? */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttributeType } from "#contract/attributes/definition";
import type { Step } from "#contract/attributes/steps";
import { openDateFormat } from "#subjects/attributes/transforms/date-format";
import { readNumber, roundTo } from "#subjects/attributes/transforms/numbers";
import { openDefinition } from "#subjects/attributes/transforms/open-definition";
import { openZone } from "#subjects/attributes/transforms/zoned-time";

/** Set PROPERTY_RUNS for a deep search. */
const numRuns = Number(process.env["PROPERTY_RUNS"] ?? 300);

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });
const graphemesOf = (text: string) => Array.from(graphemes.segment(text), ({ segment }) => segment);

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/St_Johns",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Asia/Kathmandu",
];
const zone = fc.constantFrom(...ZONES);
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("yes", "2026-11-30", "1.5", "2026-11-30T08:00:00Z", "__proto__", "\ud800"),
);
const otherwise = fc.constantFrom("null" as const, "keep" as const, "problem" as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("label" as const), options: fc.dictionary(text, text), otherwise }),
  fc.record({ do: fc.constant("date" as const), zone }),
  fc.record({ do: fc.constant("date_text" as const), zone, format: fc.constant("YYYY-MM-DD") }),
  fc.record({
    do: fc.constant("scale" as const),
    multiply: fc.double({ noNaN: true }),
    add: fc.double({ noNaN: true }),
    decimals: fc.integer({ min: 0, max: 10 }),
    decimal_mark: fc.constantFrom("." as const, "," as const),
  }),
  fc.record({
    do: fc.constant("boolean" as const),
    true: fc.constant<string[]>(["yes"]),
    false: fc.constant<string[]>(["no"]),
  }),
  fc.record({ do: fc.constant("split" as const), by: fc.string({ minLength: 1, maxLength: 3 }) }),
  fc.record({ do: fc.constant("join" as const), with: fc.string({ maxLength: 3 }) }),
  fc.record({
    do: fc.constant("regex" as const),
    pattern: fc.constantFrom(".", "[0-9]+", "(.*)(x?)", "^$"),
    otherwise,
  }),
  fc.record({
    do: fc.constant("coalesce" as const),
    fields: fc.constant<string[]>(["2", "absent"]),
  }),
  fc.record({ do: fc.constant("hash" as const), salt: fc.string({ minLength: 16 }) }),
  fc.record({
    do: fc.constant("mask" as const),
    keep_first: fc.integer({ min: 0, max: 20 }),
    keep_last: fc.integer({ min: 0, max: 20 }),
  }),
  fc.record({ do: fc.constant("constant" as const), value: fc.oneof(text, fc.boolean()) }),
);
const raw = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.array(fc.oneof(text, fc.constant(null))),
  fc.jsonValue(),
);
const type = fc.constantFrom<AttributeType>("text", "texts", "number", "boolean", "instant");
const instantMs = fc.integer({ min: Date.parse("0002-01-01"), max: Date.parse("9998-01-01") });

describe("any definition", () => {
  it("computes of any raw values one of its type, none, or a problem; and twice the same", () => {
    const property = fc.property(
      fc.array(step, { maxLength: 5 }),
      type,
      raw,
      raw,
      (steps, type, one, two) => {
        const opened = openDefinition({ subject: "ticket", field: "1", label: "Any", type, steps });
        if (opened.kind === "refused") throw new Error(JSON.stringify(opened.refusals));
        const computed = opened.compute({ "1": one, "2": two });
        expect(opened.compute({ "1": one, "2": two })).toEqual(computed);
        const { value, problem } = computed;
        expect(problem?.step ?? 0).toBeLessThanOrEqual(steps.length + 1);
        expect(problem === null || value === null).toBe(true);
        expect(value?.type ?? type).toBe(type);
        if (value?.type === "number") expect(Number.isFinite(value.value)).toBe(true);
        if (value?.type === "text") expect(value.value).not.toBe("");
        if (value?.type === "texts") expect(value.value.length).toBeGreaterThan(0);
        if (value?.type === "instant") expect(value.value.toISOString()).toMatch(/^[0-9]{4}-/);
      },
    );
    fc.assert(property, { numRuns });
  });

  it("shows of a masked text no more than it keeps", () => {
    const property = fc.property(
      fc.string({ minLength: 1, unit: "grapheme" }),
      fc.nat(20),
      fc.nat(20),
      (text, first, last) => {
        const steps: Step[] = [{ do: "mask", keep_first: first, keep_last: last, with: "\u0000" }];
        const opened = openDefinition({
          subject: "user",
          field: "1",
          label: "A",
          type: "text",
          steps,
        });
        const computed = opened.kind === "ready" ? opened.compute({ "1": text }) : undefined;
        const shown = graphemesOf(String(computed?.value?.value)).filter((one) => one !== "\0");
        const count = graphemesOf(text).length;
        expect(shown.length).toBeLessThanOrEqual(first + last >= count ? 0 : first + last);
      },
    );
    fc.assert(property, { numRuns });
  });
});

describe("any time zone", () => {
  it("gives back the instant that its clocks show, or the one before the clocks went back", () => {
    const property = fc.property(zone, instantMs, (name, ms) => {
      const opened = openZone(name) ?? expect.fail(name);
      const local = opened.toLocal(ms);
      const again = opened.toInstant(local);
      expect(opened.toLocal(again)).toBe(local);
      expect(again).toBeLessThanOrEqual(ms);
      expect(ms - again).toBeLessThanOrEqual(24 * 3_600_000);
    });
    fc.assert(property, { numRuns });
  });

  it("has an instant for everything that a clock could show", () => {
    const property = fc.property(zone, instantMs, (name, local) => {
      const opened = openZone(name) ?? expect.fail(name);
      const shown = opened.toLocal(opened.toInstant(local));
      // Apia left out a whole day.
      expect(Math.abs(shown - local)).toBeLessThanOrEqual(24 * 3_600_000);
    });
    fc.assert(property, { numRuns });
  });
});

describe("any format of dates", () => {
  it("reads what it wrote", () => {
    const format = fc.constantFrom(
      "YYYY-MM-DD HH:mm:ss",
      "ss.mm.HH|DD/MM/YYYY",
      "(YYYY)[MM]{DD}^HH$mm*ss+?\\",
    );
    const property = fc.property(format, instantMs, (name, ms) => {
      const opened = openDateFormat(name) ?? expect.fail(name);
      const whole = Math.floor(ms / 1_000) * 1_000;
      expect(opened.read(opened.write(whole))).toBe(whole);
    });
    fc.assert(property, { numRuns });
  });
});

describe("any number", () => {
  it("is read as it is written in decimals, and rounded to the nearest", () => {
    const property = fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
      fc.integer({ min: 0, max: 10 }),
      (number, decimals) => {
        const read = readNumber(String(number));
        expect(read).toEqual({ kind: "value", value: Number(String(number)) });
        const rounded = roundTo(number, decimals);
        expect(Math.abs(rounded - number)).toBeLessThanOrEqual(
          0.5000001 * 10 ** -decimals + Math.abs(number) * 1e-15,
        );
        expect(roundTo(rounded, decimals)).toBe(rounded);
      },
    );
    fc.assert(property, { numRuns });
  });
});
