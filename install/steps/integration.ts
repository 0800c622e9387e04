/** Step 1: the integration is registered, the namespace of everything else. */
import { ask, textOf } from "../ask.ts";
import type { Step, StepContext } from "../context.ts";
import { InstallError } from "../install-error.ts";
import { isRegistered } from "../zis-api.ts";
import { runSteps } from "../step-remedies.ts";

/** Null: unknown, because a token of another client gets the same answer for any name. */
async function look(context: StepContext): Promise<boolean | null> {
  try {
    return await isRegistered(context);
  } catch (error) {
    const isInconclusive =
      error instanceof InstallError && /integration mismatch/.test(error.message);
    if (isInconclusive) return null;
    throw error;
  }
}

export const integrationStep: Step = {
  async run(context) {
    const { callZendesk, integration } = context;
    const facts = { integration };
    const known = `The integration ${integration} is registered.`;
    if ((await look(context)) === true) {
      return { outcome: "already", message: known, remedy: null, facts };
    }
    const { status, body } = await ask(
      callZendesk,
      {
        method: "POST",
        path: `/api/services/zis/registry/${integration}`,
        body: { description: "CaseQA" },
      },
      `register the integration ${integration}`,
      [409],
    );
    if (status === 409) return { outcome: "already", message: known, remedy: null, facts };
    if ((await look(context)) === false) {
      throw new InstallError(
        `Zendesk accepted the integration ${integration} but does not know it: ${textOf(body)}`,
        "Try again in a minute.",
      );
    }
    return { outcome: "done", message: known, remedy: null, facts };
  },

  async check(context) {
    const { integration } = context;
    const registered = await look(context);
    if (registered === true) {
      const message = `The integration ${integration} is registered.`;
      return { outcome: "already", message, remedy: null, facts: { integration } };
    }
    return {
      outcome: "failed",
      message:
        registered === null
          ? `Whether the integration ${integration} is registered cannot be seen with this credential.`
          : `The integration ${integration} is not registered.`,
      remedy: runSteps("integration"),
    };
  },
};
