/** A progress line on stderr: rewritten in place on a terminal; elsewhere a line every two seconds while it changes. */

export interface Progress {
  show(text: string): void;
  /** Takes the line away, so that the answer stands alone. */
  done(): void;
}

export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** @param elapsedMs milliseconds since the start, for the line's first column and the slow rhythm */
export function createProgress(stream: ProgressStream, elapsedMs: () => number): Progress {
  // Quick commands say nothing before their answer.
  let lastShownMs = stream.isTTY === true ? Number.NEGATIVE_INFINITY : 0;
  let lastText = "";
  let open = false;
  const everyMs = stream.isTTY === true ? 80 : 2_000;
  // A log is not filled with one sentence, but shows that the program is alive.
  const sameEveryMs = stream.isTTY === true ? everyMs : 30_000;

  return {
    show(text) {
      const now = elapsedMs();
      if (now - lastShownMs < (text === lastText ? sameEveryMs : everyMs)) return;
      lastShownMs = now;
      lastText = text;
      const line = `${(now / 1_000).toFixed(1).padStart(5)} s  ${text}`;
      if (stream.isTTY !== true) {
        stream.write(`${line}\n`);
        return;
      }
      stream.write(`\r\u001b[2K${line}`);
      open = true;
    },
    done() {
      if (open) stream.write("\r\u001b[2K");
      open = false;
    },
  };
}
