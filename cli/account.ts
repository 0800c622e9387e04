/** The account that a command works on: its identity, how to reach it, and what an installation needs. */
import { untilAborted } from "#zis/terminal/interrupt";
import { UsageError } from "#zis/terminal/usage-error";
import { buildBundle } from "#bundle/index";
import { createTemplate, TEMPLATE_OPTIONS } from "#install/bundle-template";
import { integrationName, type StepContext } from "#install/context";
import { createZendeskCalls } from "#install/integration-token";
import type { CallApi } from "#install/zendesk-api";
import type { Io } from "./command.ts";
import type { AccountOptions } from "./options.ts";
import { type Project, readProject, serverOrigin } from "./project.ts";
import { openServer, readServerToken } from "./server-login.ts";
import { openZendesk, type ZendeskLogin } from "./zendesk-login.ts";

export interface OpenAccount {
  readonly context: StepContext;
  readonly zendesk: ZendeskLogin;
  /** As in caseqa.json, or as it would be there. */
  readonly project: Project;
  /** Where the server's address comes from. */
  readonly serverUrlFrom: ServerUrlSource;
}

export type ServerUrlSource = "caseqa.json" | "CASEQA_SERVER_URL";

/**
 * Opens the account for as long as the work lasts, then revokes the token that was minted for it.
 *
 * @throws UsageError when the server's address is unknown or caseqa.json belongs to another account; Refused without a credential
 */
export async function withAccount<T>(
  io: Io,
  { tokenStdin }: AccountOptions,
  work: (account: OpenAccount) => Promise<T>,
): Promise<T> {
  const written = await readProject(io.cwd);
  const { serverUrl, from: serverUrlFrom } = serverUrlOf(io, written);
  const token = await readServerToken(io, tokenStdin === true);
  const zendesk = await openZendesk(io);
  if (written && written.host !== zendesk.host) {
    throw new UsageError(
      `caseqa.json belongs to the account at ${written.host}, but zcli is signed in to ${zendesk.host}; ` +
        "sign in to the other one, or work in another folder",
    );
  }
  const { host, subdomain } = zendesk;
  const known = { host, subdomain, integration: integrationName(subdomain), ...written };
  const project = { ...known, server_url: serverUrl };
  const { integration } = project;
  const ended = new AbortController();
  // A signal stops the work, but not the revoking of the token afterwards.
  const whileOpen = (call: CallApi): CallApi => {
    return (request) =>
      ended.signal.aborted ? call(request) : untilAborted(io.stop, () => call(request));
  };
  const calls = createZendeskCalls({
    integration,
    asAccount: whileOpen(zendesk.call),
    withBearer: (token) => whileOpen(zendesk.withBearer(token)),
  });
  const context: StepContext = {
    callZendesk: withFallback(calls.call),
    callServer: whileOpen(openServer(serverUrl, token, io)),
    callServerAs: (other) => openServer(serverUrl, other, io),
    subdomain: project.subdomain,
    // Differs when our server reaches the account by another address than this machine, as in the sandbox.
    zendeskUrl: io.env["CASEQA_ZENDESK_URL"] || zendesk.origin,
    integration,
    serverUrl,
    ...(token === undefined ? {} : { serverToken: token }),
    template: await createTemplate(buildBundle(TEMPLATE_OPTIONS)),
    now: io.now,
    newId: io.newId,
    sleep: io.sleep,
  };
  try {
    return await work({ context, zendesk, project, serverUrlFrom });
  } finally {
    ended.abort();
    // Such a token may never expire. If it cannot be revoked, the work is done all the same.
    await calls.close().catch(() => undefined);
  }
}

/**
 * The registry treats an OAuth token of any other client as another integration's (seen on live accounts, July 2026). A call
 * that it refuses for that reason is repeated with a token of the integration's own client.
 */
function withFallback(call: CallApi): CallApi {
  return async (request) => {
    const answer = await call(request);
    const mismatch = /integration mismatch/i.test(JSON.stringify(answer.body) ?? "");
    const refused = answer.status === 401 && mismatch && request.as !== "integration";
    if (!refused || !request.path.startsWith("/api/services/zis/registry/")) return answer;
    // Without the integration that client does not exist, and then the first answer is the more useful one.
    return call({ ...request, as: "integration" }).catch(() => answer);
  };
}

/** The address in the file, or in the variable when there is no file. They must not contradict each other. */
function serverUrlOf(
  { env }: Io,
  project: Project | undefined,
): { readonly serverUrl: string; readonly from: ServerUrlSource } {
  const variable = env["CASEQA_SERVER_URL"] || undefined;
  if (project === undefined && variable === undefined) {
    throw new UsageError(
      "the server's address is unknown: run caseqa init, or set CASEQA_SERVER_URL",
    );
  }
  const asked = variable === undefined ? undefined : serverOrigin(variable);
  if (project === undefined) return { serverUrl: asked ?? "", from: "CASEQA_SERVER_URL" };
  const { server_url: serverUrl } = project;
  if (asked === undefined || asked === serverUrl) return { serverUrl, from: "caseqa.json" };
  throw new UsageError(
    `caseqa.json has the server at ${serverUrl}, CASEQA_SERVER_URL says ${asked}: unset CASEQA_SERVER_URL, ` +
      `or run caseqa init --force --server-url ${asked}`,
  );
}
