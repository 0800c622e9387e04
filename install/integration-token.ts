/** A token of the integration's own OAuth client, for calls that refuse an administrator's credential. */
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
   * True for a browser session: it is tried first, and a token is minted only where it is refused. It is documented
   * that Configs and connections accept a session; for links and inbound webhooks it is not.
   */
  readonly sessionFirst?: boolean;
  /** Calls with `Authorization: Bearer` and this token, and no other credential. */
  readonly withBearer: (token: string) => CallApi;
}

export interface ZendeskCalls {
  readonly call: CallApi;
  /** Revokes the token that was minted, if one was. Call it when done: such a token may never expire. */
  readonly close: () => Promise<void>;
}

interface Minted {
  readonly id: number;
  readonly token: string;
}

/**
 * Sends `as: "integration"` with a token of the client `zis_<integration>`. The token is minted at the first such call,
 * kept only in memory, and minted again after a 401. All other calls are made as the administrator.
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

  /** The current token; the next call tries again after a failure. */
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
    // Tokens of newer clients expire after half an hour, and an administrator may revoke one at any time.
    if (minting === first) minting = undefined;
    return withBearer((await minted()).token)(request);
  }

  return {
    call: (request) => (request.as === "integration" ? asIntegration(request) : asAccount(request)),
    async close() {
      minting = undefined;
      for (const id of tokens.splice(0)) {
        // 404: it is revoked already.
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

/** The numeric id of the client `zis_<integration>`, from whichever list this credential may read. */
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
