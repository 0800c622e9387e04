/** What a custom HTTP action is. Source: ZIS developer guide, custom actions. */
import type { Json } from "./json.ts";

/** Methods that the guide lists for custom actions. */
export const HTTP_METHODS = [
  "GET",
  "HEAD",
  "PUT",
  "POST",
  "DELETE",
  "OPTIONS",
  "PATCH",
  "TRACE",
] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** A header or query entry: `value` is literal with `{{$.x}}` placeholders, `value.$` is a path. */
export interface KeyValue {
  readonly key: string;
  readonly value?: Json;
  readonly "value.$"?: string;
}

/**
 * The template of one HTTP call. Its data are the Parameters of the state that calls it. Exactly one of
 * url, url.$, path, path.$; `path` is relative to the account's own Zendesk host.
 */
export interface HttpActionDefinition {
  readonly method: HttpMethod;
  readonly url?: string;
  readonly "url.$"?: string;
  readonly path?: string;
  readonly "path.$"?: string;
  readonly headers?: readonly KeyValue[];
  readonly query?: readonly KeyValue[];
  readonly queryParams?: readonly KeyValue[];
  readonly requestBody?: Json;
  readonly "requestBody.$"?: string;
  readonly connectionName?: string;
}
