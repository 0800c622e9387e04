/** Which case numbers an agent may have meant by what stands in a ticket field. */

/** The length of Case.CaseNumber (Object reference, "Case"). */
const LONGEST_NUMBER = 30;
/** Salesforce pads case numbers to eight digits unless an administrator chose another display format. */
const USUAL_DIGITS = 8;
/** A text with more numbers than this is not a list of case numbers. */
const MOST_NUMBERS = 10;
/** Zero-width characters, marks of direction, soft hyphens: they come along with copied text. */
const INVISIBLE = /\p{Cf}/gu;
/** 1,026 as programs for tables write a number; in a list the comma is followed by a space, or the numbers are longer. */
const GROUPED = /(?<!\d[,'’]?)\d{1,3}(?:([,'’\u00a0\u2009\u202f])\d{3}(?:\1\d{3})*)(?![,'’]?\d)/g;
const BRACKETED = /[\p{Ps}<]([^\p{Ps}\p{Pe}<>]*)[\p{Pe}>]/gu;

/**
 * The spellings of CaseNumber to look for, without repeats; empty when the text names no case number for certain.
 * "1026" stands for 1026 and 00001026, "Case CS-1026" also for CS-1026 as an org may have numbered it. Several
 * numbers give the spellings of each: whether they lead to one case is for the caller to see. Characters that nobody sees,
 * separators of thousands and brackets around a number count for nothing. A text with digits in another role (a date, a
 * phone number, a link) gives none, because a wrong case is worse than none.
 */
export function caseNumberCandidates(typed: string): string[] {
  // Both times: the narrow spaces are gone in the normal form, and wide commas and digits are read only there.
  const text = withoutSeparators(withoutSeparators(typed.replace(INVISIBLE, "")).normalize("NFKC"));
  const words = withoutBrackets(text)
    .split(/[\s,;/]+/)
    .filter((word) => /\d/.test(word));
  if (words.length > MOST_NUMBERS) return [];
  const spellings: string[] = [];
  for (const word of words) {
    const number = /^(?:\p{L}+\.?)?[#:-]*(\d+)$/u.exec(word)?.[1];
    if (number === undefined || word.length > LONGEST_NUMBER) return [];
    spellings.push(...spellingsOf(word, number));
  }
  return [...new Set(spellings)];
}

function withoutSeparators(text: string): string {
  return text.replace(GROUPED, (grouped) => grouped.replace(/\D/g, ""));
}

/** Left as they are where digits stand inside and outside, as in a phone number. */
function withoutBrackets(text: string): string {
  const outside = text.replace(BRACKETED, " ");
  return /\d/.test(outside) ? text : text.replace(BRACKETED, " $1 ");
}

function spellingsOf(word: string, number: string): string[] {
  const bare = number.replace(/^0+/, "");
  // Zeros alone are typed to fill a field that must not be empty.
  if (bare === "") return [];
  return [word.replace(/^[#:-]+/, ""), number, bare, bare.padStart(USUAL_DIGITS, "0")];
}
