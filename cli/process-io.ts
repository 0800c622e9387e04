/** The real process as a command sees it, for the bin and for the plugin. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Io } from "./command.ts";
import { endOnClosedPipe } from "#zis/terminal/closed-pipe";
import { listenForInterrupt } from "#zis/terminal/interrupt";
import { createProgress } from "#zis/terminal/progress";

/** @param more variables that only the commands see */
export function processIo(more: Readonly<Record<string, string>> = {}): Io {
  const { stdin, stdout, stderr } = process;
  const startedMs = performance.now();
  const env = { ...process.env, ...more };
  endOnClosedPipe(stdout);
  const stop = listenForInterrupt();
  return {
    stop,
    stdin,
    interactive: stdin.isTTY && stdout.isTTY,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    progress: createProgress(stderr, () => performance.now() - startedMs),
    columns: stdout.isTTY ? stdout.columns : 100,
    colour: stdout.isTTY && (env["NO_COLOR"] ?? "") === "",
    env,
    cwd: process.cwd(),
    now: () => new Date(),
    newId: () => randomUUID(),
    sleep: (ms) => setTimeout(ms, undefined, { signal: stop }),
  };
}
