/** How text fits into a picture: its width in pixels, its lines, and what may stand in XML. */

/** Longer text is cut before it is measured. */
const LONGEST = 400;

/** Widths in parts of the font size, of an Arial-like face, rounded up. */
const NARROW = /[\sijlftrI.,:;'|!()[\]]/u;
const WIDE = /[A-HJ-Zmw@%&=<>≤≥×→]/u;
const PLAIN = /[\u0021-\u02ff]/u;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The width of one line of text, in pixels; an estimate, too large rather than too small. */
export function widthOf(text: string, fontSize: number): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (NARROW.test(segment)) width += 0.34;
    else if (WIDE.test(segment)) width += segment === "m" || segment === "w" ? 0.8 : 0.72;
    else width += PLAIN.test(segment) ? 0.59 : 1.3;
  }
  return width * fontSize;
}

/**
 * Breaks text into lines that fit, at blanks; words too long for a line also after punctuation and between the
 * humps of camelCase. What does not fit into the lines allowed ends in "…".
 */
export function wrap(text: string, fontSize: number, maxWidth: number, maxLines: number): string[] {
  const fits = (line: string): boolean => widthOf(line, fontSize) <= maxWidth;
  const lines: string[] = [];
  let line = "";
  for (const piece of piecesOf(oneLine(text), fits)) {
    if (line === "" || fits((line + piece).trimEnd())) {
      line += piece;
      continue;
    }
    lines.push(line.trim());
    line = piece;
  }
  lines.push(line.trim());
  if (lines.length <= maxLines) return lines;
  const last = lines[maxLines - 1] ?? "";
  return [...lines.slice(0, maxLines - 1), shortened(last, fits)];
}

/** Text on one line, without blanks at its ends; very long text is cut. */
export function oneLine(text: string): string {
  const clean = text
    .slice(0, 4 * LONGEST)
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return clean.length <= LONGEST ? clean : `${clean.slice(0, LONGEST)}…`;
}

function piecesOf(text: string, fits: (line: string) => boolean): string[] {
  return text
    .split(/(?<=\s)(?!\s)/u)
    .flatMap((word) =>
      fits(word.trimEnd())
        ? [word]
        : word
            .split(/(?<=[._:/-])(?![\s._:/-])|(?<=[a-z0-9])(?=[A-Z])/u)
            .flatMap((piece) => (fits(piece.trimEnd()) ? [piece] : chopped(piece, fits))),
    );
}

function chopped(piece: string, fits: (line: string) => boolean): string[] {
  const parts: string[] = [];
  let part = "";
  for (const { segment } of graphemes.segment(piece)) {
    if (part !== "" && !fits(part + segment)) {
      parts.push(part);
      part = "";
    }
    part += segment;
  }
  return [...parts, part];
}

function shortened(line: string, fits: (line: string) => boolean): string {
  const letters = [...graphemes.segment(line)].map(({ segment }) => segment);
  while (letters.length > 1 && !fits(`${letters.join("")}…`)) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for XML content and attributes. What XML cannot hold becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
