/** What is closed when a test file ends. The files of a project share their worker's modules, so no module has hooks of its own. */

const closers: (() => Promise<void> | void)[] = [];

/** Closes something at the end of the file that runs now, after the file's own hooks. */
export function onFileFinished(close: () => Promise<void> | void): void {
  closers.push(close);
}

/** Closes all of it, even when one of them fails. @throws the first failure */
export async function endFile(): Promise<void> {
  const closed = await Promise.allSettled(closers.splice(0).map(async (close) => close()));
  const failed = closed.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}
