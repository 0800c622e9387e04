/** How the requests of a served ZIS are answered by mocks. */
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, Dispatcher } from "undici";
import type { FindMock, Mock } from "./mocks.ts";
import { UNMATCHED_STATUS, withoutCredential } from "./requests.ts";

export interface MockDispatcherOptions {
  readonly findMock: FindMock;
  /** The account's host as mocks name it, such as `https://acme.zendesk.com`. */
  readonly publicOrigin: string;
  /** Where requests to that host really go. */
  readonly zendeskOrigin: () => string;
  /** Sends for real what no mock answers. */
  readonly live: boolean;
  readonly warn: (message: string) => void;
}

/**
 * A dispatcher that answers from mocks, each after its delay. What no mock is for goes to the account's
 * host if it is meant for that, else it is answered with 599, or sent when `live`.
 */
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
    const { findMock, publicOrigin, zendeskOrigin, live, warn } = this.#options;
    const url = new URL(request.path, request.origin);
    const isZendesk = url.origin === zendeskOrigin();
    const publicUrl = isZendesk ? `${publicOrigin}${request.path}` : url.href;
    const mock = findMock(request.method, publicUrl) ?? findMock(request.method, url.href);
    if (mock) {
      if (isZendesk && !hasCredential(request)) warn(withoutCredential(request.method, publicUrl));
      void answer(mock, handler);
      return true;
    }
    if (live || isZendesk) return this.#network.dispatch(request, handler);
    warn(`no mock matches ${request.method} ${url.href}: answered with ${UNMATCHED_STATUS}`);
    void answer(UNMATCHED, handler);
    return true;
  }

  override close(): Promise<void> {
    return this.#network.close();
  }

  override destroy(): Promise<void> {
    return this.#network.destroy();
  }
}

/** The performer of a served ZIS gives headers as an object with names in small letters. */
function hasCredential({ headers }: Dispatcher.DispatchOptions): boolean {
  return Object.hasOwn(headers ?? {}, "authorization");
}

type Answer = Pick<Mock, "status" | "headers" | "bodyText" | "delayMs">;

const UNMATCHED: Answer = { status: UNMATCHED_STATUS, headers: {}, bodyText: "", delayMs: 0 };

async function answer(mock: Answer, handler: Dispatcher.DispatchHandler): Promise<void> {
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
    await sleep(mock.delayMs, undefined, { signal: abort.signal });
    handler.onResponseStart?.(controller, mock.status, { ...mock.headers });
    if (mock.bodyText !== "") handler.onResponseData?.(controller, Buffer.from(mock.bodyText));
    handler.onResponseEnd?.(controller, {});
  } catch (error) {
    const reason: unknown = abort.signal.aborted ? abort.signal.reason : error;
    handler.onResponseError?.(controller, reason as Error);
  }
}
