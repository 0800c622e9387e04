/** How the steps of an installation reach Zendesk and our server: by the app in a browser, or by the command line. */

export interface ApiCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the origin on, such as `/api/services/zis/registry/integrations`; with its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /**
   * Whose credential: `account` is the administrator's own (browser session, API token, OAuth), `integration` a token of
   * the integration's OAuth client, which Configs, Connections, Links and webhooks want. A session may serve for both.
   */
  readonly as?: "account" | "integration";
}

export interface ApiAnswer {
  readonly status: number;
  /** Parsed when it is JSON, else the text. */
  readonly body: unknown;
}

/** Rejects only when there was no answer at all. */
export type CallApi = (call: ApiCall) => Promise<ApiAnswer>;
