/** How the app gets a session with our server: from its own background page, which Zendesk signed and the server answered. */
import { SESSION_ASKED, SESSION_GIVEN } from "#contract/routes/access";
import type { ZafClient } from "./client.ts";

export interface Session {
  /** @throws SessionError when the background page gives none in time */
  token(): Promise<string>;
  /** Forgets a token that the server refused, so that the next call asks for a new one. */
  drop(token: string): void;
}

/** - `no_background`: Zendesk did not load the page of the server. - `refused`: the server does not know this user or this app. */
export class SessionError extends Error {
  readonly reason: "no_background" | "refused";

  constructor(reason: SessionError["reason"], message: string) {
    super(message);
    this.name = "SessionError";
    this.reason = reason;
  }
}

/** What the background page hands over. */
interface Given {
  readonly session?: unknown;
  readonly expires_at?: unknown;
  readonly error?: unknown;
}

interface SessionOptions {
  readonly client: Pick<ZafClient, "on" | "off" | "get" | "instance">;
  /** This iframe, for the answer. */
  readonly instanceGuid: string;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const ASK_EVERY_MS = 500;
/** The background page may load after this one. */
const ATTEMPTS = 20;
/** After a failure, nobody tries again for this long. */
const FAILED_FOR_MS = 10_000;
/** A token is not used in its last minute. */
const MARGIN_MS = 60_000;

/** Keeps one token in memory only. */
export function createSession(options: SessionOptions): Session {
  const { now } = options;
  let held: { readonly token: string; readonly until: number } | undefined;
  let asking: Promise<string> | undefined;
  let failed: { readonly error: unknown; readonly until: number } | undefined;
  const ask = async (): Promise<string> => {
    const { session, expires_at } = await askBackground(options).catch((error: unknown) => {
      failed = { error, until: now() + FAILED_FOR_MS };
      throw error;
    });
    const until = Date.parse(expires_at);
    held = { token: session, until: Number.isNaN(until) ? now() : until };
    return session;
  };
  return {
    async token() {
      if (held && held.until - MARGIN_MS > now()) return held.token;
      if (failed && failed.until > now()) throw failed.error;
      asking ??= ask().finally(() => (asking = undefined));
      return asking;
    },
    drop(token) {
      if (held?.token === token) held = undefined;
    },
  };
}

async function askBackground(
  options: SessionOptions,
): Promise<{ session: string; expires_at: string }> {
  const { client, instanceGuid, sleep } = options;
  const { promise: arrival, resolve } = Promise.withResolvers<Given>();
  const listen = (data: unknown): void => {
    if (typeof data === "object" && data !== null) resolve(data);
  };
  client.on(SESSION_GIVEN, listen);
  let given: Given | undefined;
  let isBackgroundThere = false;
  try {
    for (let attempt = 0; attempt < ATTEMPTS && given === undefined; attempt++) {
      for (const guid of await backgroundGuids(client)) {
        isBackgroundThere = true;
        client.instance(guid).trigger(SESSION_ASKED, { instance_guid: instanceGuid });
      }
      given = await Promise.race([arrival, sleep(ASK_EVERY_MS).then(() => undefined)]);
    }
  } finally {
    client.off(SESSION_GIVEN, listen);
  }
  if (given === undefined) {
    throw isBackgroundThere
      ? new SessionError("refused", "The server's page is loaded but gives no session.")
      : new SessionError("no_background", "Zendesk has not loaded the server's page.");
  }
  const { session, expires_at, error } = given;
  if (typeof session !== "string" || typeof expires_at !== "string") {
    const why = typeof error === "string" ? error : "The server gave no session.";
    throw new SessionError("refused", why);
  }
  return { session, expires_at };
}

/** The iframes of ours that Zendesk shows at the background location. */
async function backgroundGuids(client: Pick<ZafClient, "get">): Promise<readonly string[]> {
  const { instances } = await client.get("instances");
  if (typeof instances !== "object" || instances === null) return [];
  return Object.entries(instances)
    .filter(([, instance]) => isBackground(instance))
    .map(([guid]) => guid);
}

function isBackground(instance: unknown): boolean {
  if (typeof instance !== "object" || instance === null) return false;
  return (instance as { location?: unknown }).location === "background";
}
