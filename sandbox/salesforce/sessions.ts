/** Which access tokens are alive: issued, kept alive by use, expired, revoked. */
import { createHash } from "node:crypto";
import { base62 } from "./ids.ts";

export interface Session {
  readonly token: string;
  readonly clientId: string;
  readonly userId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

export interface Sessions {
  issue(holder: { clientId: string; userId: string }): Session;
  /** The live session of a token; using it moves its end, as activity does on the platform. */
  use(token: string): Session | undefined;
  /** The same without counting as use. */
  peek(token: string): Session | undefined;
  revoke(token: string): void;
  revokeAll(): void;
}

export interface SessionOptions {
  readonly now: () => Date;
  readonly newId: () => string;
  readonly organizationId: string;
  /** Session timeout of the app or org: seconds without use. */
  readonly seconds: number;
  /** A new grant for the same app and user answers the session that is still alive. */
  readonly reuse: boolean;
}

/** No sessions at first. */
export function createSessions(options: SessionOptions): Sessions {
  const { now, newId, organizationId, seconds, reuse } = options;
  const sessions = new Map<string, Session>();
  const end = (): Date => new Date(now().getTime() + seconds * 1000);

  const peek = (token: string): Session | undefined => {
    const session = sessions.get(token);
    return session && session.expiresAt > now() ? session : undefined;
  };

  /** The platform's form: organization id, `!`, opaque characters. */
  function newToken(): string {
    const bytes = createHash("sha512").update(newId()).digest();
    return `${organizationId.slice(0, 15)}!AQ${base62(bytes, 60)}`;
  }

  return {
    peek,
    issue(holder) {
      const alive = [...sessions.values()].find(
        ({ clientId, userId, token }) =>
          clientId === holder.clientId && userId === holder.userId && peek(token),
      );
      if (reuse && alive) return alive;
      const session = { ...holder, token: newToken(), issuedAt: now(), expiresAt: end() };
      sessions.set(session.token, session);
      return session;
    },
    use(token) {
      const session = peek(token);
      if (!session) return undefined;
      const renewed = { ...session, expiresAt: end() };
      sessions.set(token, renewed);
      return renewed;
    },
    revoke(token) {
      sessions.delete(token);
    },
    revokeAll() {
      sessions.clear();
    },
  };
}
