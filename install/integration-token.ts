/** A token of the integration's own OAuth client, where an administrator's own credential is not taken. */
import { isJsonObject } from "#zis/model/json";
import { ask } from "./ask.ts";
import { InstallError } from "./install-error.ts";
import type { ApiCall, CallApi } from "./zendesk-api.ts";
import { listIntegrations } from "./zis-api.ts";
import { runSteps } from "./step-remedies.ts";

export interface ZendeskCallsOptions {
  readonly integration: string;
  /** Calls as the administrator: API token, OAuth or browser session. */
  readonly asAccount: CallApi;
  /**
   * True for a browser session: it is tried first, and a token is minted only where it is refused. Which of the services
   * take a session is documented for Configs and connections, not for links and inbound webhooks.
   */
  readonly sessionFirst?: boolean;
  /** Calls with `Authorization: Bearer` and this token, and no other credential. */
  readonly withBearer: (token: string) => CallApi;
}

export interface ZendeskCalls {
  readonly call: CallApi;
  /** Revokes the token that was minted, if one was. Call it when done: such tokens need not ever expire. */
  readonly close: () => Promise<void>;
}

interface Minted {
  readonly id: number;
  readonly token: string;
}

/**
 * Routes `as: "integration"` to a token of the client `zis_<integration>`, which is minted at the first such call, held in memory
 * only, and minted once more after a 401. Everything else goes as the administrator.
 */
export function createZendeskCalls(options: ZendeskCallsOptions): ZendeskCalls {
  const { integration, asAccount, withBearer } = options;
  const tokens: number[] = [];
  let minting: Promise<Minted> | undefined;

  async function mint(): Promise<Minted> {
    const clientId = await findClient(asAccount, integration);
    const { body } = await ask(
      asAccount,
      {
        method: "POST",
        path: "/api/v2/oauth/tokens.json",
        body: { token: { client_id: clientId, scopes: ["read", "write"] } },
      },
      "make a token of the integration's OAuth client",
    );
    const token = isJsonObject(body) && isJsonObject(body["token"]) ? body["token"] : {};
    const { id, full_token } = token;
    if (typeof id !== "number" || typeof full_token !== "string") {
      throw new InstallError("Zendesk made a token but did not show it.", "Try again.");
    }
    tokens.push(id);
    return { id, token: full_token };
  }

  /** The one in hand; a failed minting is tried again by the next call. */
  function minted(): Promise<Minted> {
    minting ??= mint().catch((error: unknown) => {
      minting = undefined;
      throw error;
    });
    return minting;
  }

  async function asIntegration(request: ApiCall) {
    if (options.sessionFirst === true) {
      const answer = await asAccount(request);
      if (answer.status !== 401 && answer.status !== 403) return answer;
    }
    const first = minted();
    const answer = await withBearer((await first).token)(request);
    if (answer.status !== 401) return answer;
    // Tokens of newer clients live half an hour, and an administrator may revoke one at any time.
    if (minting === first) minting = undefined;
    return withBearer((await minted()).token)(request);
  }

  return {
    call: (request) => (request.as === "integration" ? asIntegration(request) : asAccount(request)),
    async close() {
      minting = undefined;
      for (const id of tokens.splice(0)) {
        // A token that is gone already is as good.
        await ask(
          asAccount,
          { method: "DELETE", path: `/api/v2/oauth/tokens/${id}.json` },
          "revoke the token",
          [404],
        );
      }
    },
  };
}

/** The numeric id of the client `zis_<integration>`, by whichever list this credential may read. */
export async function findClient(asAccount: CallApi, integration: string): Promise<number> {
  const registered = await listIntegrations(asAccount).catch((error: unknown) => {
    // The registry's list takes no OAuth token; the account's own list of clients does.
    if (error instanceof InstallError && error.status === 401) return [];
    throw error;
  });
  const own = registered.find(({ name }) => name === integration);
  if (own?.clientId) return own.clientId;
  const { body } = await ask(
    asAccount,
    { method: "GET", path: "/api/v2/oauth/clients.json" },
    "list the account's OAuth clients",
    [404],
  );
  const clients = isJsonObject(body) && Array.isArray(body["clients"]) ? body["clients"] : [];
  for (const client of clients) {
    if (!isJsonObject(client) || client["identifier"] !== `zis_${integration}`) continue;
    if (typeof client["id"] === "number") return client["id"];
  }
  throw new InstallError(
    `The OAuth client zis_${integration} was not found.`,
    `${runSteps("integration")} Zendesk makes the client with the integration.`,
  );
}
