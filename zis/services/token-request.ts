/** How ZIS gets an access token from a provider's token URL (RFC 6749, form-encoded as sections 4.1.3, 4.4.2 and 6 ask). */
import { type Dispatcher, request } from "undici";
import { isJsonObject, type Json } from "../model/json.ts";
import { invalid } from "./service-error.ts";

export interface ProviderToken {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: string;
  /** Absent when the provider does not say: the token counts as never expiring. */
  readonly expiresInSeconds: number | undefined;
  /** The answer as it came. */
  readonly responseBody: string;
}

const TIMEOUT_MS = 30_000;

/**
 * Asks the provider for a token. Throws a 400 that names the provider's answer when there is none: the
 * connection stays as it was.
 */
export async function requestToken(
  tokenUrl: string,
  form: Readonly<Record<string, string>>,
  dispatcher: Dispatcher,
): Promise<ProviderToken> {
  const reply = await post(tokenUrl, form, dispatcher);
  const parsed = parse(reply.text);
  const accessToken = isJsonObject(parsed) ? parsed["access_token"] : undefined;
  if (reply.status < 200 || reply.status > 299 || typeof accessToken !== "string") {
    throw invalid(`the token URL answered ${reply.status}: ${reply.text.slice(0, 500)}`);
  }
  const fields = isJsonObject(parsed) ? parsed : {};
  const expiresIn = Number(fields["expires_in"] ?? Number.NaN);
  return {
    accessToken,
    refreshToken: textOf(fields["refresh_token"]) ?? "",
    tokenType: textOf(fields["token_type"]) ?? "bearer",
    expiresInSeconds: Number.isFinite(expiresIn) ? expiresIn : undefined,
    responseBody: reply.text,
  };
}

async function post(
  url: string,
  form: Readonly<Record<string, string>>,
  dispatcher: Dispatcher,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const reply = await request(url, {
      dispatcher,
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        accept: "application/json",
      },
      body: new URLSearchParams(form).toString(),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: reply.statusCode, text: await reply.body.text() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(`the token URL ${url} cannot be reached: ${reason}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
