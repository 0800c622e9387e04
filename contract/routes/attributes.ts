/** Attributes: their definitions by versions, previews on stored rows, and how far their values are computed anew. */
import { Type, type Static } from "typebox";
import { ErrorReply } from "../actions/envelope.ts";
import { AttributeDefinition, AttributeSubject } from "../attributes/definition.ts";
import { BUDGET_MS, Instant, NoContent, Nullable, type Route } from "./route.ts";

/** A label of 2,000 options fits. */
const DEFINITION_BYTES = 524_288;

const Params = Type.Object({ id: Type.String({ pattern: "^[A-Za-z0-9_-]{1,64}$" }) });
const Version = Type.Integer({ minimum: 1, maximum: 1_000_000 });

/** An instant is its ISO text. */
export const AttributeValue = Type.Union([
  Type.Null(),
  Type.String(),
  Type.Number(),
  Type.Boolean(),
  Type.Array(Type.String()),
]);
export type AttributeValue = Static<typeof AttributeValue>;

const VersionState = Type.Union([
  Type.Literal("draft"),
  Type.Literal("active"),
  Type.Literal("retired"),
]);

export const RerunReport = Type.Object({
  version: Version,
  /** `stopped`: the attribute was retired meanwhile. */
  state: Type.Union([Type.Literal("running"), Type.Literal("finished"), Type.Literal("stopped")]),
  requested_at: Instant,
  finished_at: Nullable(Instant),
  rows_done: Type.Integer(),
  /** Counted when it began; null: not counted yet, or too many to count in time. */
  rows_total: Nullable(Type.Integer()),
  /** Values that could not be had. */
  problems: Type.Integer(),
});
export type RerunReport = Static<typeof RerunReport>;

const AttributeVersion = Type.Object({
  version: Version,
  state: VersionState,
  /** What programs call it. */
  name: Type.String(),
  definition: AttributeDefinition,
  saved_at: Instant,
  previewed_at: Nullable(Instant),
  activated_at: Nullable(Instant),
});

export const AttributeReport = Type.Object({
  id: Type.String(),
  subject: AttributeSubject,
  /** The one in force, if any. */
  active_version: Nullable(Version),
  /**
   * Whether the newest stored rows of the subject have the field: `missing` when it was removed in the source, whose raw values stay;
   * `unknown` while nothing is stored. Of the version in force, else of the newest.
   */
  source: Type.Union([Type.Literal("present"), Type.Literal("missing"), Type.Literal("unknown")]),
  /** Newest first. */
  versions: Type.Array(AttributeVersion),
  /** The last one; null: there was none yet. */
  rerun: Nullable(RerunReport),
});
export type AttributeReport = Static<typeof AttributeReport>;

const SavedReply = Type.Union([
  Type.Object({
    /** `unchanged`: the newest version says the same. */
    outcome: Type.Union([Type.Literal("saved"), Type.Literal("unchanged")]),
    version: Version,
  }),
  Type.Object({
    outcome: Type.Literal("refused"),
    /** `step` counts from 1; 0: the definition as a whole. */
    refusals: Type.Array(Type.Object({ step: Type.Integer(), message: Type.String() })),
  }),
]);
export type SavedReply = Static<typeof SavedReply>;

const PreviewRequest = Type.Object(
  {
    version: Version,
    /** How many of the newest stored rows are shown. */
    rows: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  },
  { additionalProperties: false },
);

const PreviewReply = Type.Object({
  version: Version,
  rows: Type.Array(
    Type.Object({
      id: Type.String(),
      /** By the fields that the definition reads; one that the row does not have is left out. */
      raw: Type.Record(Type.String(), Type.Unknown()),
      /** Of the version in force; null too where there is none. */
      before: AttributeValue,
      after: AttributeValue,
      problem: Nullable(Type.Object({ code: Type.String(), step: Type.Integer() })),
    }),
  ),
  with_value: Type.Integer(),
  changed: Type.Integer(),
  problems: Type.Integer(),
});
export type PreviewReply = Static<typeof PreviewReply>;

const ActivateRequest = Type.Object(
  {
    version: Version,
    /** The version that is in force as far as the caller knows: a request that comes late changes nothing. */
    replaces: Nullable(Version),
  },
  { additionalProperties: false },
);
export type ActivateRequest = Static<typeof ActivateRequest>;

const ActivateReply = Type.Union([
  Type.Object({ outcome: Type.Literal("activated"), rerun: RerunReport }),
  /** No preview of this version was asked for yet. */
  Type.Object({ outcome: Type.Literal("not_previewed") }),
  /** Another attribute of the subject has the name. */
  Type.Object({ outcome: Type.Literal("name_taken"), by: Type.String() }),
  Type.Object({ outcome: Type.Literal("superseded"), active_version: Nullable(Version) }),
]);
export type ActivateReply = Static<typeof ActivateReply>;

export const ATTRIBUTE_ROUTES = {
  attributes: {
    method: "GET",
    path: "/v1/admin/attributes",
    summary: "Every attribute with its versions.",
    role: "admin",
    budgetMs: BUDGET_MS,
    replies: { 200: Type.Object({ attributes: Type.Array(AttributeReport) }) },
  },
  attribute: {
    method: "GET",
    path: "/v1/admin/attributes/:id",
    summary: "One attribute with its versions.",
    role: "admin",
    params: Params,
    budgetMs: BUDGET_MS,
    replies: { 200: AttributeReport, 404: ErrorReply },
  },
  "save-attribute": {
    method: "PUT",
    path: "/v1/admin/attributes/:id",
    summary:
      "Save a new version of an attribute as a draft; it is in force only once it is activated.",
    role: "admin",
    params: Params,
    body: AttributeDefinition,
    bodyBytes: DEFINITION_BYTES,
    budgetMs: BUDGET_MS,
    replies: { 200: SavedReply },
  },
  "preview-attribute": {
    method: "POST",
    path: "/v1/admin/attributes/:id/preview",
    summary: "What a version makes of the newest stored rows; changes no value.",
    role: "admin",
    params: Params,
    body: PreviewRequest,
    budgetMs: BUDGET_MS,
    replies: { 200: PreviewReply, 404: ErrorReply },
  },
  "activate-attribute": {
    method: "POST",
    path: "/v1/admin/attributes/:id/activate",
    summary: "Put a previewed version in force and compute all values anew.",
    role: "admin",
    params: Params,
    body: ActivateRequest,
    budgetMs: BUDGET_MS,
    replies: { 200: ActivateReply, 404: ErrorReply },
  },
  "retire-attribute": {
    method: "POST",
    path: "/v1/admin/attributes/:id/retire",
    summary: "Compute an attribute no longer; its values and versions stay.",
    role: "admin",
    params: Params,
    budgetMs: BUDGET_MS,
    replies: { 204: NoContent, 404: ErrorReply },
  },
  "rerun-attribute": {
    method: "POST",
    path: "/v1/admin/attributes/:id/rerun",
    summary: "Compute all values of the version in force anew, from the raw ones.",
    role: "admin",
    params: Params,
    budgetMs: BUDGET_MS,
    replies: { 202: RerunReport, 404: ErrorReply },
  },
  "attribute-rerun": {
    method: "GET",
    path: "/v1/admin/attributes/:id/rerun",
    summary: "How far the values are computed anew.",
    role: "admin",
    params: Params,
    budgetMs: BUDGET_MS,
    replies: { 200: RerunReport, 404: ErrorReply },
  },
} as const satisfies Record<string, Route>;
