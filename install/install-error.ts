/** A failure of an installation, with its cause and remedy. */

export class InstallError extends Error {
  override readonly name = "InstallError";
  /** What to do about it. */
  readonly remedy: string;
  /** The status of the answer; null: there was none. */
  readonly status: number | null;

  constructor(message: string, remedy: string, status: number | null = null) {
    super(message);
    this.remedy = remedy;
    this.status = status;
  }
}
