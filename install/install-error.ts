/** A failed call of an installation, with its cause and its remedy. */

export class InstallError extends Error {
  override readonly name = "InstallError";
  /** What to do about it. */
  readonly cure: string;
  /** Of the answer; null: there was none. */
  readonly status: number | null;

  constructor(message: string, cure: string, status: number | null = null) {
    super(message);
    this.cure = cure;
    this.status = status;
  }
}
