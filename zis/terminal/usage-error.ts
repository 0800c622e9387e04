/** Thrown for wrong usage: the message is printed without a stack trace, and the command exits with 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
