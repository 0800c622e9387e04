/** Reads numbers from a command line. */

/**
 * The number that an option's text names.
 *
 * @throws Error naming the option, the range and the text
 */
export function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Error(`${name} takes a whole number from ${min} to ${max}, not "${text}".`);
  }
  return value;
}
