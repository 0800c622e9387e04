/** How text that comes from a file or a flow is written to a terminal: it must not be able to steer it. */

/** Control characters but the line break, and those that turn the direction of writing. */
const STEERING =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** The text with each such character as JSON escapes it, `\u001b`. */
export function visible(text: string): string {
  return text.replaceAll(
    STEERING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
