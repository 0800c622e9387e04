/** The page behind the app's background location: hands the session to the app's other locations, and renews it. Pure. */
import { ACCESS_ROUTES, SESSION_ASKED, SESSION_GIVEN } from "#contract/routes/access";

/** What the page hands over: a session, or why there is none. */
export type Given =
  | { readonly session: string; readonly expires_at: string }
  | { readonly error: string; readonly code: string };

export interface SessionPage {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** When less time than this is left, the page renews the session before it answers. */
const RENEW_WITHIN_MS = 20 * 60_000;

/**
 * The SDK reaches only instances of our own app. The one that asked gets the answer; one that does not give its name gets
 * none.
 */
const SCRIPT = `
const given = JSON.parse(document.getElementById("given").textContent);
const client = ZAFClient.init();
async function renewed() {
  if (!given.session || Date.parse(given.expires_at) - Date.now() > ${RENEW_WITHIN_MS}) return;
  const headers = { authorization: "Bearer " + given.session };
  try {
    const answer = await fetch(${JSON.stringify(ACCESS_ROUTES["renew-session"].path)}, { method: "POST", headers });
    const body = await answer.json();
    if (answer.ok) given.expires_at = body.expires_at;
    else if (answer.status === 401) {
      delete given.session;
      Object.assign(given, { error: body.error.message, code: body.error.code });
    }
  } catch {
    // The current session is handed over as it is; the app finds out later that it has ended.
  }
}
client.on(${JSON.stringify(SESSION_ASKED)}, async (asked) => {
  const guid = asked && asked.instance_guid;
  if (typeof guid !== "string") return;
  await renewed();
  client.instance(guid).trigger(${JSON.stringify(SESSION_GIVEN)}, given);
});
`;

/** JSON that cannot close its element, whatever it contains. */
function embed(value: object): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/**
 * `ancestors`: the origins that may show the page in a frame. `sdk`: the address of Zendesk's app framework.
 * `nonce`: new for each answer.
 */
export function sessionPage(
  given: Given,
  {
    nonce,
    sdk,
    ancestors,
  }: { readonly nonce: string; readonly sdk: string; readonly ancestors: readonly string[] },
): SessionPage {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>CaseQA</title></head>
<body>
<script type="application/json" id="given" nonce="${nonce}">${embed(given)}</script>
<script nonce="${nonce}" src="${sdk}"></script>
<script nonce="${nonce}" type="module">${SCRIPT}</script>
</body>
</html>
`;
  const contentSecurityPolicy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    `frame-ancestors ${ancestors.join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return { html, contentSecurityPolicy };
}
