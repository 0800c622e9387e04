/** What is kept of webhooks: their settings, their secrets, and what was delivered in the last seven days. */

export interface WebhookRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly endpoint: string;
  readonly http_method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly request_format: "json" | "xml" | "form_encoded";
  readonly status: "active" | "inactive";
  /** Either `conditional_ticket_events` alone, or event types. */
  readonly subscriptions: readonly string[];
  readonly authentication: WebhookAuthentication | null;
  readonly custom_headers: Readonly<Record<string, string>>;
  readonly created_at: string;
  readonly created_by: string;
  readonly updated_at: string;
  readonly updated_by: string;
  readonly secret: string;
}

export interface WebhookAuthentication {
  readonly type: "basic_auth" | "bearer_token" | "api_key";
  readonly data: Readonly<Record<string, string>>;
  readonly add_position: "header";
}

export type InvocationStatus =
  | "accepted"
  | "success"
  | "failed"
  | "timeout"
  | "circuit broken"
  | "throttled"
  | "client error"
  | "server error";

export interface Attempt {
  readonly id: string;
  readonly invocation_id: string;
  readonly status: InvocationStatus;
  readonly status_code: number | null;
  readonly invoked_at: string;
  readonly completed_at: string;
  readonly request: {
    readonly endpoint: string;
    readonly http_method: string;
    readonly payload: string;
    readonly headers: readonly { readonly key: string; readonly value: string }[];
  };
  readonly response: { readonly payload: string } | null;
}

export interface Invocation {
  readonly id: string;
  readonly webhook_id: string;
  readonly at: Date;
  status: InvocationStatus;
  latest_completed_at: string | null;
  readonly attempts: Attempt[];
}

/** Twenty-six characters as Zendesk's own ids of webhooks have. */
export function newWebhookId(serial: number, at: Date): string {
  const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const write = (value: number, length: number) => {
    let rest = value;
    let text = "";
    for (let place = 0; place < length; place += 1) {
      text = (letters[rest % 32] ?? "0") + text;
      rest = Math.floor(rest / 32);
    }
    return text;
  };
  return write(at.getTime(), 10) + write(serial, 16);
}
