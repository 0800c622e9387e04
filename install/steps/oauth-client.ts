/** Step 2: the integration's OAuth client, created by Zendesk, opens its Configs, connections, links and webhooks. */
import type { Step, StepContext, StepFinding } from "../context.ts";
import { listConnections } from "../connections.ts";
import { findClient } from "../integration-token.ts";

async function look(context: StepContext): Promise<StepFinding> {
  const { callZendesk, integration } = context;
  const clientId = await findClient(callZendesk, integration);
  // Proof: a call that needs a token of this client, or a session.
  await listConnections(context);
  return {
    outcome: "already",
    message: `The OAuth client zis_${integration} is there and opens the integration.`,
    remedy: null,
    facts: { client: `zis_${integration}`, client_id: clientId },
  };
}

/** Nothing to create: the client comes with the integration, and its tokens are minted when needed. */
export const oauthClientStep: Step = { run: look, check: look };
