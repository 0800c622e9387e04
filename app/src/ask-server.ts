/** Questions to our server, whose refusals become errors with a remedy. */
import { InstallError } from "#install/install-error";
import type { ApiCall, CallApi } from "#install/zendesk-api";

/** What to do about a refusal, by its status. */
const REMEDIES: Readonly<Record<number, string>> = {
  401: "Reload the page. If it stays, register this installation at the server: caseqa install.",
  403: "Ask an administrator of this Zendesk account.",
  404: "The server is older than this app: upgrade it.",
  429: "Wait a minute, then try again.",
  503: "The server is starting or has lost its database. Try again in a minute.",
};

/**
 * The answer's body.
 *
 * @throws InstallError on any answer but a 2xx, with the server's own words
 */
export async function askServer<Reply>(callServer: CallApi, call: ApiCall): Promise<Reply> {
  const { status, body } = await callServer(call);
  if (status >= 200 && status < 300) return body as Reply;
  const remedy = REMEDIES[status] ?? "Look at the server's log at this time.";
  throw new InstallError(messageOf(body) ?? `The server answered ${status}.`, remedy, status);
}

function messageOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("error" in body)) return undefined;
  const { error } = body;
  if (typeof error !== "object" || error === null || !("message" in error)) return undefined;
  return typeof error.message === "string" ? error.message : undefined;
}
