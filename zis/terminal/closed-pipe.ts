/** Output into a pipe whose reader has seen enough, such as head, ends a command quietly. */

/** From now on a closed pipe ends the process with the code of a program that SIGPIPE ended. */
export function endOnClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(141);
  });
}
