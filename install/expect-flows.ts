/** Tells our server whether flows are expected: while they are not, silence is no fault, and nobody is alerted. */
import { ADMIN_PATHS } from "../actions-server/contract/admin.ts";
import { toInstallError, ask } from "./ask.ts";
import type { StepContext } from "./context.ts";

/** Servers of an earlier version do not ask: 404. Rejects with an InstallError. */
export async function expectFlows(context: StepContext, expected: boolean): Promise<void> {
  const call = { method: "PUT", path: ADMIN_PATHS.flows, body: { expected } } as const;
  await ask(context.callServer, call, "tell the server whether flows are expected", [404]);
}

/** After an uninstallation: the server posts to no webhook of the account any more. Rejects with an InstallError. */
export async function forgetWebhooks(context: StepContext): Promise<void> {
  const call = { method: "DELETE", path: ADMIN_PATHS.webhooks } as const;
  await ask(context.callServer, call, "have the server forget the webhooks", [404, 405]);
}

/**
 * What is done in Zendesk stays done when the server cannot be told.
 *
 * @returns what to add to the message; empty when the server knows
 */
export async function orSay(work: Promise<void>): Promise<string> {
  try {
    await work;
    return "";
  } catch (error) {
    const { message } = toInstallError(error);
    return ` The server does not know of it, so its Health will report that no flow calls: ${message}`;
  }
}
