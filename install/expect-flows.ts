/** Informs our server whether flows are expected: while they are not, silence raises no alert. */
import { ROUTES } from "#contract/routes";
import { ask } from "./ask.ts";
import type { StepContext } from "./context.ts";

/** Earlier servers do not have the route: 404. Rejects with an InstallError. */
export async function expectFlows(context: StepContext, expected: boolean): Promise<void> {
  const call = { method: "PUT", path: ROUTES["expect-flows"].path, body: { expected } } as const;
  await ask(context.callServer, call, "inform the server whether flows are expected", [404]);
}

/** After an uninstallation: the server stops posting to the account's webhooks. Rejects with an InstallError. */
export async function forgetWebhooks(context: StepContext): Promise<void> {
  const call = { method: "DELETE", path: ROUTES["store-webhooks"].path } as const;
  await ask(context.callServer, call, "have the server forget the webhooks", [404, 405]);
}
