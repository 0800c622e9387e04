/** Who may use the administrators' routes: the app's sessions, and the installation that they come from. */
import { Type, type Static } from "typebox";
import { ErrorReply, ZendeskIdText } from "../actions/envelope.ts";
import { BUDGET_MS, CREDENTIALS_BODY_BYTES, Instant, Nullable, Role, type Route } from "./route.ts";

/** Takes Zendesk's signed form POST and answers with a page; it is not a JSON route. */
export const SESSION_PATH = "/v1/admin/session";

/** How that page hands the session to the app's other locations, through ZAF's instances. */
export const SESSION_ASKED = "caseqa.session.asked";
export const SESSION_GIVEN = "caseqa.session.given";

export const Me = Type.Object({
  account: Type.String(),
  /** Null for a caller who is not a Zendesk user. */
  user_id: Nullable(ZendeskIdText),
  role: Role,
  expires_at: Nullable(Instant),
});
export type Me = Static<typeof Me>;

/** Which installation of the app in Zendesk this server believes. */
export const Installation = Type.Object({
  app_id: ZendeskIdText,
  installation_id: ZendeskIdText,
  /** PEM; absent: the server fetches it from Zendesk with its own credential. */
  public_key: Type.Optional(Type.String({ maxLength: 10_000 })),
});
export type Installation = Static<typeof Installation>;

export const ACCESS_ROUTES = {
  me: {
    method: "GET",
    path: "/v1/admin/me",
    summary: "Who the caller is, in which role.",
    role: "agent",
    budgetMs: BUDGET_MS,
    replies: { 200: Me },
  },
  "renew-session": {
    method: "POST",
    path: "/v1/admin/session/renew",
    summary: "Lengthen the session by an hour, to twelve hours at most.",
    role: "agent",
    budgetMs: BUDGET_MS,
    replies: { 200: Me },
  },
  installation: {
    method: "GET",
    path: "/v1/admin/installation",
    summary: "The app's installation that is registered.",
    role: "admin",
    budgetMs: BUDGET_MS,
    replies: { 200: Installation, 404: ErrorReply },
  },
  "register-installation": {
    method: "PUT",
    path: "/v1/admin/installation",
    summary: "Register the app's installation; another one ends every session.",
    role: "admin",
    body: Installation,
    bodyBytes: CREDENTIALS_BODY_BYTES,
    budgetMs: BUDGET_MS,
    replies: { 200: Installation, 409: ErrorReply, 502: ErrorReply },
  },
} as const satisfies Record<string, Route>;
