/** How the steps call Zendesk and our server, from the app in a browser or from the command line. */

export interface ApiCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the origin on, such as `/api/services/zis/registry/integrations`; with its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /**
   * Whose credential: `account` is the administrator's own (browser session, API token, OAuth), `integration` a token of
   * the integration's OAuth client, which Configs, connections, links and webhooks need. A session may work for both.
   */
  readonly as?: "account" | "integration";
}

export interface ApiAnswer {
  readonly status: number;
  /** Parsed JSON, or else the text. */
  readonly body: unknown;
}

/** Rejects only when there was no answer. */
export type CallApi = (call: ApiCall) => Promise<ApiAnswer>;
