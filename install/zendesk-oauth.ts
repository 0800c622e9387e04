/** An OAuth connection from ZIS to the account's own Zendesk, for flows that call Zendesk themselves. */
import { isJsonObject } from "../zis/model/json.ts";
import { ask } from "./ask.ts";
import type { StepContext } from "./context.ts";
import { InstallError } from "./install-error.ts";
import { text } from "./zis-api.ts";

/** The name is reserved for it, and the client of that name comes with every integration (Zendesk's demo app). */
const NAME = "zendesk";

/**
 * Begins the connection `zendesk` and gives the address that the administrator's browser opens; Zendesk then returns to
 * `returnTo` with `verification_token` in the query. No action of our bundle uses such a connection: our server calls
 * Zendesk with its own credential, so an installation does not make one (least privilege).
 */
export async function startZendeskConnection(
  { callZendesk, integration, subdomain }: StepContext,
  returnTo: string,
): Promise<{ readonly redirectUrl: string }> {
  const { body } = await ask(
    callZendesk,
    {
      method: "POST",
      path: `/api/services/zis/connections/oauth/start/${integration}`,
      body: {
        name: NAME,
        oauth_client_name: NAME,
        oauth_url_subdomain: subdomain,
        origin_oauth_redirect_url: returnTo,
        permission_scopes: "read",
      },
      as: "integration",
    },
    "begin the connection to Zendesk",
  );
  const redirectUrl = isJsonObject(body) ? text(body, "redirect_url") : "";
  if (redirectUrl.startsWith("https://") || redirectUrl.startsWith("http://")) {
    return { redirectUrl };
  }
  throw new InstallError("Zendesk gave no address to go on at.", "Try again.");
}
