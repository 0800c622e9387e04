/** The form of a row in the table of JSON routes, and members that several rows share. */
import { Type, type Static, type TSchema } from "typebox";

/** What a Zendesk user may do here: administrators everything, agents see the log of a ticket, others nothing. */
export const Role = Type.Union([Type.Literal("admin"), Type.Literal("agent")]);
export type Role = Static<typeof Role>;

/** What a server token is for: external actions, reading conversations, or everything that an administrator may do. */
export const SCOPES = ["actions", "read", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * - `path`: parameters are written `:name`.
 * - `role`: the least role that may ask. A server token counts as an administrator.
 * - `scope`: which scope a server token needs; absent: `admin`.
 * - `params`, `query`, `body`: checked before the handler runs; absent: none is read.
 * - `bodyBytes`: the longest body that is read; absent: the server's own limit, 4 KB.
 * - `budgetMs`: calls to remote systems end within this time.
 * - `streams`: the types of an answer that is text of any length; absent: it is JSON.
 * - `replies`: by status: one success, and refusals that other routes do not have.
 */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly summary: string;
  readonly role: Role;
  readonly scope?: Scope;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  readonly bodyBytes?: number;
  readonly budgetMs: number;
  readonly streams?: readonly string[];
  readonly replies: Readonly<Record<number, TSchema>>;
}

type StaticOf<Schema> = Schema extends TSchema ? Static<Schema> : undefined;

/** Text of any length, of which only a part is in memory at a time. */
export interface TextStream {
  readonly type: string;
  readonly parts: AsyncIterable<string>;
}

/** What a route answers when it succeeds. */
export type ReplyOf<R extends Route> = R extends { readonly streams: readonly string[] }
  ? TextStream
  : R["replies"] extends Readonly<Record<200, infer Reply>> | Readonly<Record<202, infer Reply>>
    ? StaticOf<Reply>
    : void;

type Part<R extends Route, Name extends "params" | "query" | "body"> =
  R extends Readonly<Record<Name, infer Schema>> ? StaticOf<Schema> : undefined;

/** What a handler of a route gets, once it is checked. */
export interface RequestOf<R extends Route> {
  readonly params: Part<R, "params">;
  readonly query: Part<R, "query">;
  readonly body: Part<R, "body">;
}

/** Within the time that a browser, through Zendesk's proxy, surely waits. */
export const BUDGET_MS = 10_000;
/** Of a body that holds addresses, credentials or a key. */
export const CREDENTIALS_BODY_BYTES = 65_536;

export const Instant = Type.String({
  format: "date-time",
  maxLength: 40,
  description: "An instant in UTC, ISO 8601.",
});

export const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** Of a route that has nothing to say. */
export const NoContent = Type.Null({ description: "Done; there is no body." });
