/** One question to our server: its reply, or an error that says what failed, why, and what to do. */
import { type Answer, askRoute, type Question, ServerRefusal } from "#contract/client";
import type { RouteName } from "#contract/routes";
import { noAnswer } from "./ask.ts";
import { InstallError } from "./install-error.ts";
import { serverRemedy } from "./refusals.ts";
import type { CallApi } from "./zendesk-api.ts";

/**
 * @param what the work in the infinitive, such as "read the server's log", for the message
 * @throws InstallError with cause and remedy
 */
export async function askServer<Name extends RouteName>(
  callServer: CallApi,
  what: string,
  question: Question<Name>,
): Promise<Answer<Name>> {
  try {
    return await askRoute(callServer, question);
  } catch (error) {
    if (!(error instanceof ServerRefusal)) throw noAnswer(error, what, START_REMEDY);
    const { message, status } = error;
    throw new InstallError(`Could not ${what}: ${message}.`, serverRemedy(error), status);
  }
}

const START_REMEDY =
  "Start the actions server, and check that its address is right and reachable: curl its /health/ready.";

/** Whether the server answered with one of these statuses. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): error is InstallError {
  return error instanceof InstallError && statuses.includes(error.status ?? 0);
}
