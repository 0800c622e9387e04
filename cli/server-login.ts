/** How an operator reaches our server: by its address and one of its tokens. */
import { UsageError } from "#zis/terminal/usage-error";
import { text } from "node:stream/consumers";
import { InstallError } from "#install/install-error";
import type { CallApi } from "#install/zendesk-api";
import { type Io } from "./command.ts";
import { createHttp } from "./http.ts";

const SERVER_TOKEN = "CASEQA_SERVER_TOKEN";
export const SERVER_REMEDY = `Set ${SERVER_TOKEN} to one of the server's SERVER_TOKENS (the part after the colon), or pipe it in with --token-stdin.`;

/** The token from the environment, or from standard input if requested. Undefined: there is none. */
export async function readServerToken(
  { env, stdin }: Pick<Io, "env" | "stdin">,
  fromStdin: boolean,
): Promise<string | undefined> {
  const token = (fromStdin ? await text(stdin) : (env[SERVER_TOKEN] ?? "")).trim();
  if (/\s/.test(token)) throw new UsageError("the server's token is one word");
  if (fromStdin && token === "")
    throw new UsageError("--token-stdin: nothing came from standard input");
  return token === "" ? undefined : token;
}

/** Calls to our server. Without a token every call rejects, saying what to set. */
export function openServer(
  origin: string,
  token: string | undefined,
  { sleep }: Pick<Io, "sleep">,
): CallApi {
  if (token !== undefined) {
    return createHttp({ origin, authorization: async () => `Bearer ${token}`, sleep });
  }
  return async () => {
    throw new InstallError("The server's token is missing.", SERVER_REMEDY);
  };
}
