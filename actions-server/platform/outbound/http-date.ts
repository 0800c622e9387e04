/** Reads a time of an HTTP header. */

const FORM = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Milliseconds since the epoch, of the form that servers have to send (RFC 9110, 5.6.7); undefined: the text is in another form. */
export function readHttpDate(text: string | undefined): number | undefined {
  const ms = text !== undefined && FORM.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
