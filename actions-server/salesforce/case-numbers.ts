/** Which case numbers an agent may have meant by what stands in a ticket field. */

/** The length of Case.CaseNumber (Object reference, "Case"). */
const LONGEST_NUMBER = 30;
/** Salesforce pads case numbers to eight digits unless an administrator chose another display format. */
const USUAL_DIGITS = 8;
/** A text with more numbers than this is no list of case numbers. */
const MOST_NUMBERS = 10;

/**
 * The spellings of CaseNumber to look for, without repeats; empty when the text names no case number for certain.
 * "1026" stands for 1026 and 00001026, "Case CS-1026" also for CS-1026 as an org may have numbered it. Several
 * numbers give the spellings of each: whether they lead to one case is for the caller to see. A text with digits
 * in another role (a date, a phone number, a link) gives none, because a wrong case is worse than none.
 */
export function caseNumberCandidates(typed: string): string[] {
  const words = typed
    .normalize("NFKC")
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

function spellingsOf(word: string, number: string): string[] {
  const bare = number.replace(/^0+/, "");
  // Zeros alone are typed to fill a field that must not be empty.
  if (bare === "") return [];
  return [word.replace(/^[#:-]+/, ""), number, bare, bare.padStart(USUAL_DIGITS, "0")];
}
