/** Informs our server whether flows are expected: while they are not, silence raises no alert. */
import { askServer, hasStatus } from "./ask-server.ts";
import type { StepContext } from "./context.ts";

/** Earlier servers do not have the route: 404. Rejects with an InstallError. */
export async function expectFlows(context: StepContext, expected: boolean): Promise<void> {
  await askServer(context.callServer, "inform the server whether flows are expected", {
    route: "expect-flows",
    body: { expected },
  }).catch((error: unknown) => {
    if (!hasStatus(error, 404)) throw error;
  });
}

/** After an uninstallation: the server stops posting to the account's webhooks. Rejects with an InstallError. */
export async function forgetWebhooks(context: StepContext): Promise<void> {
  await askServer(context.callServer, "have the server forget the webhooks", {
    route: "forget-webhooks",
  }).catch((error: unknown) => {
    if (!hasStatus(error, 404, 405)) throw error;
  });
}
