/** The text of a message as full-text search sees it: the same for what is stored and for what is asked. Pure. */

/** A tsvector holds a megabyte at most; this many characters, four bytes each, and their positions fit in. */
const LONGEST = 100_000;
/** Scripts that put no space between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Accents, vowel points, the Arabic tatweel, and marks of direction. */
const IGNORED = /[\p{Mn}\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

const words = new Intl.Segmenter("und", { granularity: "word" });

/** Small letters without accents, compatible forms unified, and words apart, also where a script writes none. */
export function searchText(text: string): string {
  const plain = text
    .slice(0, LONGEST)
    .toWellFormed()
    .replaceAll("\0", " ")
    .normalize("NFKD")
    .replace(IGNORED, "")
    .toLowerCase();
  return (UNSPACED.test(plain) ? split(plain) : plain).slice(0, LONGEST);
}

function split(text: string): string {
  return Array.from(words.segment(text), ({ segment }) => segment).join(" ");
}
