/** Step 3: the connection with which flows call our server, with a token that the server knows. */
import { askRoute } from "#contract/client";
import type { Me } from "#contract/routes/access";
import { ask } from "../ask.ts";
import { askServer, hasStatus } from "../ask-server.ts";
import {
  connectionNames,
  connectionsPath,
  type ConnectionState,
  listConnections,
} from "../connections.ts";
import type { Step, StepContext, StepFinding } from "../context.ts";
import { InstallError } from "../install-error.ts";

interface Wanted {
  readonly name: string;
  readonly domain: string;
}

type Look =
  | { readonly outcome: "right"; readonly wanted: Wanted }
  | { readonly outcome: "missing"; readonly wanted: Wanted }
  | { readonly outcome: "wrong"; readonly wanted: Wanted; readonly found: ConnectionState };

/** The bundle has one connection: all of its actions call our server. */
async function look(context: StepContext): Promise<Look> {
  const [name, ...more] = connectionNames(context.template.bundle);
  if (name === undefined || more.length > 0) {
    throw new InstallError(
      `The bundle names the connections ${[name, ...more].join(", ")}; this installation can create one.`,
      "Install the newest version of CaseQA.",
    );
  }
  const wanted = { name, domain: new URL(context.serverUrl).hostname };
  const found = (await listConnections(context)).find((one) => one.name === name);
  if (!found) return { outcome: "missing", wanted };
  const right = found.type === "bearer_token" && found.allowedDomain === wanted.domain;
  return right ? { outcome: "right", wanted } : { outcome: "wrong", wanted, found };
}

const ASK_TOKEN =
  "Give the token of the actions server (one of SERVER_TOKENS): in the app's field, or as CASEQA_SERVER_TOKEN.";

function findingOf(look: Look): StepFinding {
  const { name, domain } = look.wanted;
  const facts = { connection: name, allowed_domain: domain };
  if (look.outcome === "right") {
    const message = `The connection ${name} is there and sends its token to ${domain} only.`;
    return { outcome: "already", message, remedy: null, facts };
  }
  const message =
    look.outcome === "missing"
      ? `The connection ${name} does not exist.`
      : `The connection ${name} is of the type ${look.found.type} for ${look.found.allowedDomain ?? "no domain"}, wanted is bearer_token for ${domain}.`;
  return { outcome: "waiting", message, remedy: ASK_TOKEN, facts };
}

export const connectionsStep: Step = {
  async run(context) {
    const { serverToken } = context;
    const before = await look(context);
    if (serverToken === undefined) return findingOf(before);
    if (!/^[!-~]{8,}$/.test(serverToken)) {
      throw new InstallError(
        "The server's token must be 8 or more printable characters without spaces.",
        ASK_TOKEN,
      );
    }
    await tryToken(context, serverToken);
    const { name } = before.wanted;
    if (before.outcome === "missing") await create(context, before.wanted, serverToken);
    else await replace(context, before, serverToken);
    const after = await look(context);
    if (after.outcome !== "right") return { ...findingOf(after), outcome: "failed" };
    const message = `The connection ${name} holds the given token, which the server accepts, and sends it to ${after.wanted.domain} only.`;
    return { ...findingOf(after), outcome: "done", message };
  },

  async check(context) {
    return findingOf(await look(context));
  },
};

/**
 * Zendesk stores any token and hides it, so a wrong one would show only when flows are refused. Therefore the server is
 * asked with it first.
 */
async function tryToken(context: StepContext, token: string): Promise<void> {
  const whoAmI = { route: "me" } as const;
  const what = `try the token at ${context.serverUrl}`;
  const server = context.callServerAs(token);
  const me: Partial<Me> = await askServer(server, what, whoAmI).catch((error: unknown) => {
    throw hasStatus(error, 401, 403) ? unknownToken(context, error.status) : error;
  });
  const { account, user_id: userId } = me;
  // Whatever answers there, it is not our server.
  if (account === undefined) throw unknownToken(context, null);
  if (userId != null) {
    throw new InstallError(
      "This is a session of the app, not a server token: it ends within the hour.",
      ASK_TOKEN,
    );
  }
  const own = (await askRoute(context.callServer, whoAmI).catch(() => undefined))?.account;
  if (own === undefined || own === account) return;
  throw new InstallError(
    `This token is that of the account "${account}" of the server, but this installation is registered for "${own}": what its flows store would be kept under the other one.`,
    `Give a token that SERVER_TOKENS lists for ${own}.`,
  );
}

function unknownToken({ serverUrl }: StepContext, status: number | null): InstallError {
  return new InstallError(
    `The server at ${serverUrl} does not know this token, so it would refuse every flow. The connection is left as it was.`,
    `Compare it with the server's SERVER_TOKENS: it is the part after the colon. ${ASK_TOKEN}`,
    status,
  );
}

async function create(context: StepContext, { name, domain }: Wanted, token: string) {
  const { status } = await post(context, { name, domain }, token);
  // Another installation was faster and may have stored another token.
  if (status === 409) await update(context, { name, domain }, token);
}

async function post({ callZendesk, integration }: StepContext, wanted: Wanted, token: string) {
  return ask(
    callZendesk,
    {
      method: "POST",
      path: `${connectionsPath(integration)}/bearer_token`,
      body: { name: wanted.name, token, allowed_domain: wanted.domain },
      as: "integration",
    },
    `make the connection ${wanted.name}`,
    [409],
  );
}

async function replace(context: StepContext, before: Look, token: string): Promise<void> {
  const { wanted } = before;
  const { callZendesk, integration } = context;
  const type = before.outcome === "wrong" ? before.found.type : "bearer_token";
  // The type of a connection cannot be changed (Zendesk, connections in Admin Center).
  if (type === "bearer_token" && (await update(context, wanted, token))) return;
  const path =
    type === "oauth"
      ? `/api/services/zis/connections/${integration}?name=${wanted.name}`
      : `${connectionsPath(integration)}/${type}/${wanted.name}`;
  await ask(
    callZendesk,
    { method: "DELETE", path, as: "integration" },
    `delete the old connection ${wanted.name}`,
    [404],
  );
  await create(context, wanted, token);
}

/** False when Zendesk offers neither call: how to change a connection is not documented. */
async function update(
  { callZendesk, integration }: StepContext,
  { name, domain }: Wanted,
  token: string,
): Promise<boolean> {
  for (const method of ["PATCH", "PUT"] as const) {
    const { status } = await ask(
      callZendesk,
      {
        method,
        path: `${connectionsPath(integration)}/bearer_token/${name}`,
        body: { name, token, allowed_domain: domain },
        as: "integration",
      },
      `replace the token of the connection ${name}`,
      [404, 405],
    );
    if (status !== 404 && status !== 405) return true;
  }
  return false;
}
