/** How the requests of flows are answered by mocks. */
import { setTimeout } from "node:timers/promises";
import { Agent, Dispatcher } from "undici";
import type { FindMock, Mock } from "./mocks.ts";

export interface MockDispatcherOptions {
  readonly findMock: FindMock;
  /** The account's host as mocks name it, such as `https://acme.zendesk.com`. */
  readonly publicOrigin: string;
  /** Where requests to that host really go. */
  readonly zendeskOrigin: () => string;
  /** What is sent for real when no mock answers it. */
  readonly sends: "everything" | "zendesk" | "nothing";
  /** Takes the milliseconds that a mock is to take. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly warn: (message: string) => void;
}

/** What a request is answered with that no mock is for and that is not sent. */
const UNMATCHED_STATUS = 599;

/** A dispatcher that answers from mocks, each after its delay. */
export class MockDispatcher extends Dispatcher {
  readonly #options: MockDispatcherOptions;
  readonly #network = new Agent();

  constructor(options: MockDispatcherOptions) {
    super();
    this.#options = options;
  }

  override dispatch(
    request: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const { findMock, publicOrigin, zendeskOrigin, sends, wait, warn } = this.#options;
    const url = new URL(request.path, request.origin);
    const isZendesk = url.origin === zendeskOrigin();
    const publicUrl = isZendesk ? `${publicOrigin}${request.path}` : url.href;
    const mock = findMock(request.method, publicUrl) ?? findMock(request.method, url.href);
    const isSent = sends === "everything" || (sends === "zendesk" && isZendesk);
    if (!mock && isSent) return this.#network.dispatch(request, handler);
    const what = `${request.method} ${publicUrl}`;
    if (isZendesk && !hasCredential(request)) {
      // Seen by a third party: 401 "Couldn't authenticate you". Nothing is added to a `path`.
      warn(`${what} is sent without a credential: Zendesk would answer 401`);
    }
    if (!mock) warn(`no mock matches ${what}: answered with ${UNMATCHED_STATUS}`);
    void answer(mock ?? UNMATCHED, handler, wait);
    return true;
  }

  override close(): Promise<void> {
    return this.#network.close();
  }

  override destroy(): Promise<void> {
    return this.#network.destroy();
  }
}

/** The performer gives headers as an object with names in small letters. */
function hasCredential({ headers }: Dispatcher.DispatchOptions): boolean {
  return Object.hasOwn(headers ?? {}, "authorization");
}

type Answer = Pick<Mock, "status" | "headers" | "bodyText" | "delayMs">;

const UNMATCHED: Answer = { status: UNMATCHED_STATUS, headers: {}, bodyText: "", delayMs: 0 };

async function answer(
  mock: Answer,
  handler: Dispatcher.DispatchHandler,
  wait: MockDispatcherOptions["wait"],
): Promise<void> {
  const abort = new AbortController();
  const controller: Dispatcher.DispatchController = {
    get aborted() {
      return abort.signal.aborted;
    },
    get reason() {
      return abort.signal.aborted ? (abort.signal.reason as Error) : null;
    },
    paused: false,
    abort: (reason) => abort.abort(reason),
    // The whole body comes at once: there is nothing to hold back.
    pause: () => undefined,
    resume: () => undefined,
  };
  try {
    handler.onRequestStart?.(controller, {});
    await wait(mock.delayMs, abort.signal);
    handler.onResponseStart?.(controller, mock.status, { ...mock.headers });
    if (mock.bodyText !== "") handler.onResponseData?.(controller, Buffer.from(mock.bodyText));
    handler.onResponseEnd?.(controller, {});
  } catch (error) {
    const reason: unknown = abort.signal.aborted ? abort.signal.reason : error;
    handler.onResponseError?.(controller, reason as Error);
  }
}

/** Waits for real. */
export function realWait(ms: number, signal: AbortSignal): Promise<void> {
  return setTimeout(ms, undefined, { signal });
}
