/** Cuts texts whose length somebody else decides. */

/** At most `longest` characters and `…` in place of the rest. */
export function shorten(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()}…`;
}
