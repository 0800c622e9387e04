/** Whether zcli's credential is good enough: kind, end date, scopes, role, and what the account's plan allows. */
import { zendeskMeaning } from "#install/refusals";
import type { CallApi } from "#install/zendesk-api";
import { answerText } from "../http.ts";
import type { CredentialKind, ZendeskLogin } from "../zendesk-login.ts";
import { type Check, failed, ok, warning } from "./check.ts";

/** All API tokens end then; none can be made since 27 October 2026. Source: Zendesk, migrating to OAuth. */
const API_TOKENS_END = new Date("2027-04-30T00:00:00Z");
const DAY_MS = 86_400_000;
const OAUTH_REMEDY =
  "Move to an OAuth client (client credentials, scopes read and write) or zcli login; the bundle is then uploaded in the app.";

const KINDS: Readonly<Record<CredentialKind, string>> = {
  oauth_token: "an OAuth token (ZENDESK_OAUTH_TOKEN)",
  client_credentials: "OAuth client credentials",
  api_token: "an API token (ZENDESK_EMAIL, ZENDESK_API_TOKEN)",
  profile_oauth: "zcli's profile, by OAuth",
  profile_api_token: "zcli's profile, by an API token",
};

/** Pure: what follows from the kind alone. */
export function judgeKind(kind: CredentialKind, now: Date): Check {
  const name = "credential";
  const text = KINDS[kind];
  if (kind !== "api_token" && kind !== "profile_api_token") {
    return ok(name, `${text}; the bundle is uploaded in the app`);
  }
  const days = Math.ceil((API_TOKENS_END.getTime() - now.getTime()) / DAY_MS);
  if (days <= 0) return failed(name, `${text}; API tokens ended on 2027-04-30`, OAUTH_REMEDY);
  const left = `${text}; API tokens end on 2027-04-30, in ${days} days`;
  return warning(name, left, OAUTH_REMEDY);
}

/** Whose it is and what it may do. */
export async function checkLogin(zendesk: ZendeskLogin, now: Date): Promise<readonly Check[]> {
  const { call, kind, origin } = zendesk;
  const answer = await call({ method: "GET", path: "/api/v2/users/me.json" });
  const user = (answer.body as { user?: { role?: unknown; id?: unknown } } | null)?.user;
  if (answer.status !== 200 || user?.id == null) {
    const remedy = "Run zcli login again, or renew the variables; docs/install.md lists them.";
    return [failed("zendesk_login", `${origin} answered ${answerText(answer)}`, remedy)];
  }
  const login =
    user.role === "admin"
      ? ok("zendesk_login", `${origin}, as an administrator`)
      : failed(
          "zendesk_login",
          `${origin}, as ${String(user.role)}`,
          "Sign in as an administrator: Zendesk lets nobody else install.",
        );
  const scopes =
    kind === "oauth_token" || kind === "client_credentials" || kind === "profile_oauth";
  return [login, ...(scopes ? await checkToken(call, now) : [])];
}

async function checkToken(call: CallApi, now: Date): Promise<readonly Check[]> {
  const answer = await call({ method: "GET", path: "/api/v2/oauth/tokens/current.json" });
  const token = (answer.body as { token?: { scopes?: unknown; expires_at?: unknown } } | null)
    ?.token;
  if (answer.status !== 200 || !token) {
    const remedy = "Ask for the scopes read and write when the token is made.";
    return [
      warning("scopes", `Zendesk does not show the token's scopes: ${answerText(answer)}`, remedy),
    ];
  }
  return judgeToken(token, now);
}

/** Pure. Zendesk gives out tokens with unknown scopes and refuses every call with them, so scopes are compared. */
export function judgeToken(
  token: { readonly scopes?: unknown; readonly expires_at?: unknown },
  now: Date,
): readonly Check[] {
  const scopes = Array.isArray(token.scopes) ? (token.scopes as unknown[]).map(String) : [];
  const missing = ["read", "write"].filter((scope) => !scopes.includes(scope));
  const granted = `scopes ${scopes.join(", ") || "none"}`;
  const judged =
    missing.length === 0
      ? ok("scopes", granted)
      : failed(
          "scopes",
          `${granted}; ${missing.join(" and ")} missing`,
          "Make the token or client with the scopes read and write.",
        );
  if (typeof token.expires_at !== "string") return [judged];
  const minutes = Math.floor((Date.parse(token.expires_at) - now.getTime()) / 60_000);
  return [
    judged,
    ok("token_end", `the token ends in ${minutes} minutes; zcli renews it if it can`),
  ];
}

/** A plan without ZIS shows as 403; for a refused credential, the answer's own text says what it needs. */
function planRemedy(status: number, said: string): string {
  if (status === 403 && !/Only admin user|scope/i.test(said)) {
    return "ZIS comes with Suite Growth or Support Professional and above: look at the account's plan.";
  }
  return zendeskMeaning(status, said).remedy;
}

/** Whether the account has ZIS at all, and the integration's name is ours. */
export async function checkPlan(call: CallApi, integration: string): Promise<readonly Check[]> {
  const path = `/api/services/zis/registry/${integration}/job_specs?page%5Bsize%5D=1`;
  const answer = await call({ method: "GET", path });
  const said = answerText(answer);
  if (answer.status === 200) return [ok("plan", "the account has ZIS"), ok("name", integration)];
  if (answer.status === 404 || /integration mismatch/i.test(said)) {
    const remedy =
      "Run caseqa install; where the name is taken, caseqa init --integration NAME --force first.";
    return [
      ok("plan", "the account has ZIS"),
      failed("name", `${integration} is not registered`, remedy),
    ];
  }
  return [failed("plan", `ZIS refuses this credential: ${said}`, planRemedy(answer.status, said))];
}
