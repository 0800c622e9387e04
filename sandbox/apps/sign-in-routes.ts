/** Signing in and out of the stand-in's agent interface; nobody has a password here. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Account } from "#zis/services/account";
import type { Csrf } from "./csrf.ts";
import { plainPage, signInPage } from "./page.ts";
import type { AppUser } from "./users.ts";

export interface SignInOptions {
  readonly account: Account;
  readonly users: readonly AppUser[];
  readonly csrf: Csrf;
}

export interface SignedIn {
  /** The value of a Cookie header. */
  readonly cookie: string;
  /** What writes by this session send as `x-csrf-token`. */
  readonly csrfToken: string;
}

type Fields = Readonly<Record<string, string | undefined>>;

/** Signs in by email; undefined for somebody who is not an agent here. */
export function signIn(
  { account, users, csrf }: SignInOptions,
  email: string,
): SignedIn | undefined {
  const user = users.find((one) => one.email !== null && one.email === email);
  if (!user || user.role === "end-user") return undefined;
  const cookie = account.createSession(user.id);
  return { cookie, csrfToken: csrf.tokenFor(cookie) };
}

export function signInRoutes(app: FastifyInstance, options: SignInOptions): void {
  app.get<{ Querystring: Fields }>("/access/login", async (request, reply) => {
    const staff = options.users.filter(({ role }) => role !== "end-user");
    return html(reply, signInPage(staff, localPath(request.query["return_to"])));
  });

  app.post<{ Body: Fields }>("/access/login", async (request, reply) => {
    const { email = "", return_to: returnTo } = request.body;
    const signedIn = signIn(options, email);
    if (!signedIn) {
      const page = plainPage("Nobody is signed in", "<p>The account has no such agent.</p>");
      return html(reply.code(401), page);
    }
    return reply
      .header("set-cookie", `${signedIn.cookie}; Path=/; HttpOnly; SameSite=Lax`)
      .redirect(localPath(returnTo), 303);
  });

  app.get("/access/logout", async (_request, reply) =>
    reply
      .header("set-cookie", "_zendesk_session=; Path=/; HttpOnly; Max-Age=0")
      .redirect("/access/login", 303),
  );
}

/** A path of this server, so that nobody is sent elsewhere. */
function localPath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])/.test(path) ? path : "/agent/apps";
}

export function html(reply: FastifyReply, page: string): FastifyReply {
  return reply.type("text/html; charset=utf-8").header("cache-control", "no-store").send(page);
}
