/** Which case numbers an agent may have meant by the text of a ticket field. */

/** The length of Case.CaseNumber (Object reference, "Case"). */
const LONGEST_NUMBER = 30;
/** Salesforce pads case numbers to eight digits unless an administrator chose another display format. */
const USUAL_DIGITS = 8;
/** A text with more numbers than this is not a list of case numbers. */
const MOST_NUMBERS = 10;
/** Zero-width characters, marks of direction, soft hyphens: they come with copied text. */
const INVISIBLE = /\p{Cf}/gu;
/** 1,026, as spreadsheets write a number; in a list, a space follows the comma or the numbers are longer. */
const GROUPED = /(?<!\d[,'’]?)\d{1,3}(?:([,'’\u00a0\u2009\u202f])\d{3}(?:\1\d{3})*)(?![,'’]?\d)/g;
const BRACKETED = /[\p{Ps}<]([^\p{Ps}\p{Pe}<>]*)[\p{Pe}>]/gu;

/**
 * The spellings of CaseNumber to look for, without repeats; empty when the text does not clearly name a case number.
 * "1026" stands for 1026 and 00001026, "Case CS-1026" also for CS-1026, in case the org numbers its cases that way. Several
 * numbers give the spellings of each; the caller checks whether they lead to one case. Invisible characters, thousands
 * separators and brackets around a number are ignored. A text whose digits are something else (a date, a phone number, a
 * link) gives none, because a wrong case is worse than no case.
 */
export function caseNumberCandidates(typed: string): string[] {
  // Before and after normalizing, because it removes narrow spaces, and only it makes wide commas and digits readable.
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

/** Left as they are where there are digits both inside and outside, as in a phone number. */
function withoutBrackets(text: string): string {
  const outside = text.replace(BRACKETED, " ");
  return /\d/.test(outside) ? text : text.replace(BRACKETED, " $1 ");
}

function spellingsOf(word: string, number: string): string[] {
  const bare = number.replace(/^0+/, "");
  // People type only zeros to fill a required field.
  if (bare === "") return [];
  return [word.replace(/^[#:-]+/, ""), number, bare, bare.padStart(USUAL_DIGITS, "0")];
}
