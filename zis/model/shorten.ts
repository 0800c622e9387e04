/** How long names are shown in a message: a name of megabytes must not become a message of megabytes. */

/** Characters of a name that are shown. */
const MAX_SHOWN = 200;

/** The text, cut when it is longer than a message needs. */
export function shortened(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN).toWellFormed()}...`;
}

/** A message with everything long in it cut: quoted names, and words such as paths. */
export function withShortNames(message: string): string {
  if (message.length <= MAX_SHOWN) return message;
  return message
    .replace(/"(?:[^"\\]|\\.)*"/g, (quoted) =>
      quoted.length <= MAX_SHOWN + 2 ? quoted : `${shortened(quoted.slice(0, -1))}"`,
    )
    .replace(/\S{220,}/g, shortened);
}
