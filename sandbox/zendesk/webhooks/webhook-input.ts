/** Reads a webhook's settings from a request, or says what is wrong with them. The wording of refusals is inferred. */
import { isJsonObject, type JsonObject } from "#zis/model/json";
import { ZendeskRefusal } from "../errors.ts";
import type { WebhookAuthentication, WebhookRecord } from "./webhook-records.ts";

export type WebhookSettings = Pick<
  WebhookRecord,
  | "name"
  | "description"
  | "endpoint"
  | "http_method"
  | "request_format"
  | "status"
  | "subscriptions"
  | "authentication"
  | "custom_headers"
>;

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const FORMATS = ["json", "xml", "form_encoded"] as const;
const STATUSES = ["active", "inactive"] as const;
const AUTHENTICATIONS = ["basic_auth", "bearer_token", "api_key"] as const;

function refuse(title: string): never {
  throw new ZendeskRefusal(400, { errors: [{ code: "InvalidRequest", title }] });
}

function oneOf<T extends string>(value: unknown, words: readonly T[], name: string): T {
  const word = words.find((candidate) => candidate === value);
  return word ?? refuse(`${name} must be one of ${words.join(", ")}`);
}

/** Zendesk calls https only; receivers on this machine may have no certificate. */
function readEndpoint(value: unknown): string {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(url?.hostname ?? "");
  if (!url || (url.protocol !== "https:" && !(isLocal && url.protocol === "http:"))) {
    return refuse("endpoint must be an https address");
  }
  return url.href;
}

function readStrings(value: unknown): Record<string, string> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, typeof member === "string" ? member : ""]),
  );
}

function readAuthentication(value: unknown): WebhookAuthentication | null {
  if (!isJsonObject(value)) return null;
  return {
    type: oneOf(value["type"], AUTHENTICATIONS, "authentication.type"),
    data: readStrings(value["data"]),
    add_position: "header",
  };
}

function readSubscriptions(value: unknown): string[] {
  const list = Array.isArray(value) ? value.map(String) : [];
  const conditional = list.includes("conditional_ticket_events");
  if (conditional && list.length > 1) refuse("conditional_ticket_events stands alone");
  if (!conditional && list.some((type) => !type.startsWith("zen:event-type:"))) {
    refuse("subscriptions must be event types");
  }
  return list.length === 0 ? ["conditional_ticket_events"] : list;
}

/** @throws ZendeskRefusal 400 */
export function readWebhook(body: Readonly<Record<string, unknown>>): WebhookSettings {
  const json = body as JsonObject;
  const name = json["name"];
  if (typeof name !== "string" || name.trim() === "") refuse("name is required");
  const subscriptions = readSubscriptions(json["subscriptions"]);
  const isEvents = !subscriptions.includes("conditional_ticket_events");
  const http_method = oneOf(json["http_method"] ?? "POST", METHODS, "http_method");
  const request_format = oneOf(json["request_format"] ?? "json", FORMATS, "request_format");
  if (isEvents && (http_method !== "POST" || request_format !== "json")) {
    refuse("webhooks for events are sent by POST as JSON");
  }
  return {
    name,
    description: typeof json["description"] === "string" ? json["description"] : null,
    endpoint: readEndpoint(json["endpoint"]),
    http_method,
    request_format,
    status: oneOf(json["status"] ?? "active", STATUSES, "status"),
    subscriptions,
    authentication: readAuthentication(json["authentication"]),
    custom_headers: readStrings(json["custom_headers"]),
  };
}
