/** How Ctrl-C ends a command: no call is begun any more, and it is said what is half done. */
import type { CallApi } from "#install/zendesk-api";

/** Thrown for what a signal stopped; its message and remedy say what is half done and what to run. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** Calls until the signal: then the call under way is left to itself and no other is begun. */
export function callUntil(stop: AbortSignal, call: CallApi): CallApi {
  return async (request) => {
    const stopped = () => new Interrupted("stopped", "");
    if (stop.aborted) throw stopped();
    const ended = new AbortController();
    const aborted = new Promise<never>((_, reject) => {
      stop.addEventListener("abort", () => reject(stopped()), { signal: ended.signal });
    });
    try {
      return await Promise.race([call(request), aborted]);
    } finally {
      ended.abort();
    }
  };
}
