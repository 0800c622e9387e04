/** A progress line on stderr: rewritten in place on a terminal, one line every two seconds elsewhere. */

export interface Progress {
  show(text: string): void;
  /** Ends the line; the last text stays. */
  done(): void;
}

/** @param elapsedMs milliseconds since the start, for the line's first column and the slow rhythm */
export function createProgress(stream: NodeJS.WriteStream, elapsedMs: () => number): Progress {
  let lastShownMs = Number.NEGATIVE_INFINITY;
  let open = false;
  const everyMs = stream.isTTY ? 80 : 2_000;

  return {
    show(text) {
      const now = elapsedMs();
      if (now - lastShownMs < everyMs) return;
      lastShownMs = now;
      const line = `${(now / 1_000).toFixed(1).padStart(5)} s  ${text}`;
      if (!stream.isTTY) {
        stream.write(`${line}\n`);
        return;
      }
      stream.write(`\r\u001b[2K${line}`);
      open = true;
    },
    done() {
      if (open) stream.write("\n");
      open = false;
    },
  };
}
