/** Step 2: the integration's own OAuth client, which Zendesk made with it, opens its Configs, connections, links and webhooks. */
import type { Step, StepContext, StepFinding } from "../context.ts";
import { listConnections } from "../connections.ts";
import { findClient } from "../integration-token.ts";

async function look(context: StepContext): Promise<StepFinding> {
  const { callZendesk, integration } = context;
  const clientId = await findClient(callZendesk, integration);
  // The proof: a call that only a token of this client, or a session that serves for it, may make.
  await listConnections(context);
  return {
    outcome: "already",
    message: `The OAuth client zis_${integration} is there and opens the integration.`,
    remedy: null,
    facts: { client: `zis_${integration}`, client_id: clientId },
  };
}

/** Nothing is made: the client comes with the integration, its tokens are minted when they are needed. */
export const oauthClientStep: Step = { run: look, check: look };
