/** One call of Zendesk: its answer, or an error that says what failed, why, and what to do. */
import { isJsonObject } from "#zis/model/json";
import { InstallError } from "./install-error.ts";
import { zendeskMeaning } from "./refusals.ts";
import type { ApiAnswer, ApiCall, CallApi } from "./zendesk-api.ts";

/**
 * The answer when its status is 2xx or one of `accepted`.
 *
 * @param what the work in the infinitive, such as "upload the bundle", for the message
 * @throws InstallError with cause and remedy
 */
export async function ask(
  call: CallApi,
  request: ApiCall,
  what: string,
  accepted: readonly number[] = [],
): Promise<ApiAnswer> {
  const answer = await call(request).catch((error: unknown) => {
    throw noAnswer(error, what, "Check the network and the account's address, then try again.");
  });
  if ((answer.status >= 200 && answer.status < 300) || accepted.includes(answer.status))
    return answer;
  throw refusalOf(what, answer);
}

/** The call could not be made, or nothing came back. */
export function noAnswer(error: unknown, what: string, remedy: string): InstallError {
  // For example for lack of an integration token: the error knows why.
  if (error instanceof InstallError) {
    return new InstallError(`Could not ${what}. ${error.message}`, error.remedy, error.status);
  }
  const why = error instanceof Error ? error.message : "network failure";
  return new InstallError(`Could not ${what}: there was no answer (${why}).`, remedy);
}

function refusalOf(what: string, { status, body }: ApiAnswer): InstallError {
  const said = textOf(body);
  const { cause, remedy } = zendeskMeaning(status, said);
  const words = said === "" ? "" : `: ${said}`;
  const message = `Could not ${what}: Zendesk answered ${status}${words}`;
  return new InstallError(
    cause === null ? `${message}.` : `${message} - ${cause}.`,
    remedy,
    status,
  );
}

const LONGEST = 300;

/** The text of an answer in any of the shapes that Zendesk uses; at most 300 characters. */
export function textOf(body: unknown): string {
  return wordsOf(body).replaceAll(/\s+/g, " ").trim().slice(0, LONGEST);
}

function wordsOf(body: unknown): string {
  if (typeof body === "string") return body;
  if (!isJsonObject(body)) return "";
  const { error, errors, message, description } = body;
  if (isJsonObject(error)) return wordsOf(error["message"] ?? error["title"] ?? "");
  const details = Array.isArray(errors)
    ? errors.map((one) => (isJsonObject(one) ? one["detail"] : one))
    : [];
  const words = [message, ...details, error, description].filter(
    (word): word is string => typeof word === "string" && word !== "",
  );
  return [...new Set(words)].join("; ");
}

/** What was thrown, as an InstallError. */
export function toInstallError(thrown: unknown): InstallError {
  if (thrown instanceof InstallError) return thrown;
  const message = thrown instanceof Error ? thrown.message : "an unknown fault";
  return new InstallError(message, "Try again; if it fails again, report this text.");
}
