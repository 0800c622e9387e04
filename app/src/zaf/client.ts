/** What we use of the client that Zendesk's SDK gives an app in its iframe. */

export interface ZafRequest {
  readonly url: string;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly data?: string;
  readonly httpCompleteResponse: true;
  readonly autoRetry?: boolean;
}

/** An answer, and also what a refused request rejects with. */
export interface ZafResponse {
  readonly status: number;
  readonly responseText?: string;
  readonly responseJSON?: unknown;
}

/** An app's iframe at one location. */
interface ZafInstance {
  trigger(event: string, data?: unknown): void;
}

export interface ZafClient extends ZafInstance {
  on(event: string, listener: (data: unknown) => void): void;
  off(event: string, listener: (data: unknown) => void): void;
  get(path: string): Promise<Readonly<Record<string, unknown>>>;
  invoke(name: string, ...args: readonly unknown[]): Promise<unknown>;
  request(request: ZafRequest): Promise<ZafResponse>;
  context(): Promise<ZafContext>;
  metadata(): Promise<ZafMetadata>;
  instance(guid: string): ZafInstance;
}

interface ZafContext {
  readonly instanceGuid: string;
  readonly account: { readonly subdomain: string };
}

export interface ZafMetadata {
  readonly appId: number | string;
  readonly installationId: number | string;
  readonly settings: Readonly<Record<string, unknown>>;
}

interface ZafGlobal {
  readonly init: () => ZafClient | false;
}

/** The client, or null when the page is not inside Zendesk. */
export function openClient(scope: { readonly ZAFClient?: ZafGlobal }): ZafClient | null {
  const client = scope.ZAFClient?.init();
  return client === undefined || client === false ? null : client;
}
