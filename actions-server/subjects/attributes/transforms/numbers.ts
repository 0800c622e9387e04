/** Reads and rounds numbers as they are written in decimals. */
import { failed, valued, type Outcome, type Scalar } from "./value.ts";

export type DecimalMark = "." | ",";

const FORMS: Readonly<Record<DecimalMark, RegExp>> = {
  ".": /^[+-]?(?:[0-9]+|[0-9]{1,3}(?:[, \u00a0\u202f'][0-9]{3})+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?$/,
  ",": /^[+-]?(?:[0-9]+|[0-9]{1,3}(?:[. \u00a0\u202f'][0-9]{3})+)(?:,[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?$/,
};
const GROUPING: Readonly<Record<DecimalMark, RegExp>> = {
  ".": /[, \u00a0\u202f']/g,
  ",": /[. \u00a0\u202f']/g,
};

/** A whole number beyond 2^53 is a problem: it would become another one. Longer fractions are rounded, as always. */
export function readNumber(value: Scalar, mark: DecimalMark = "."): Outcome<number> {
  if (typeof value === "number") return valued(value);
  if (typeof value !== "string") return failed("not_a_number");
  const text = value.trim();
  // No number that anyone means is longer, and the form is only then looked for.
  if (text.length > 60 || !FORMS[mark].test(text)) return failed("not_a_number");
  const plain = text.replaceAll(GROUPING[mark], "").replace(",", ".");
  const number = Number(plain);
  if (!Number.isFinite(number)) return failed("not_a_number");
  const isWhole = /^[+-]?[0-9]+$/.test(plain);
  return isWhole && !Number.isSafeInteger(number) ? failed("inexact_number") : valued(number);
}

/** Half away from zero, by the decimals that are written: 1.005 becomes 1.01. */
export function roundTo(number: number, decimals: number): number {
  const [digits = "", exponent = "0"] = Math.abs(number).toExponential().split("e");
  const shifted = Math.round(Number(`${digits}e${Number(exponent) + decimals}`));
  if (!Number.isSafeInteger(shifted)) return number;
  const rounded = Number(`${shifted}e-${decimals}`);
  return number < 0 && rounded !== 0 ? -rounded : rounded;
}
