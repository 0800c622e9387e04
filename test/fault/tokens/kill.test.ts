/** Killed between the rotation of a refresh token and its save: what does the next server find, and what does it say? */
import { fastify } from "fastify";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAccount } from "#zis/services/account";
import { oauthRoutes } from "#zis/services/oauth-routes";
import { MAIN_ENV, startMain } from "../../support/main-process.ts";
import { servedDatabase } from "../../support/postgres.ts";

const SCOPES = ["tickets:read", "tickets:write", "users:read"];
const TOKEN_KEYS = `k1:${Buffer.alloc(32, 1).toString("base64")}`;
const LOST = /invalid_grant.*A refresh that began at \S+Z was never saved.*authorise again/;

/** A Zendesk that replaces a refresh token whenever it is used, and a database of its own. */
async function startAccount() {
  const { pool, url } = await servedDatabase();
  const now = () => new Date();
  const account = createAccount({
    subdomain: "acme",
    accountId: 1,
    users: [{ id: 1, email: "admin@acme.example", admin: true }],
    now,
    newId: () => crypto.randomUUID(),
  });
  const client = account.createOAuthClient({ identifier: "caseqa", userId: 1 });
  const authorise = () =>
    account.issueToken({
      clientId: client.id,
      userId: 1,
      scopes: SCOPES,
      expiresInSeconds: 1_800,
      refreshExpiresInSeconds: 2_592_000,
    }).refreshToken ?? "";
  const seen = { refreshes: 0 };
  let beforeAnswer = async () => {};
  const app = fastify({ forceCloseConnections: true });
  app.addHook("onSend", async () => {
    seen.refreshes += 1;
    await beforeAnswer();
  });
  oauthRoutes(app, { account, now });
  onTestFinished(() => app.close());
  const ZENDESK_URL = await app.listen({ host: "127.0.0.1", port: 0 });
  const envWith = (refreshToken: string) => ({
    ...MAIN_ENV,
    DATABASE_URL: url,
    ZENDESK_URL,
    ZENDESK_CLIENT_ID: client.identifier,
    ZENDESK_CLIENT_SECRET: client.secret,
    ZENDESK_REFRESH_TOKEN: refreshToken,
    TOKEN_KEYS,
  });
  return {
    pool,
    seen,
    authorise,
    envWith,
    beforeAnswer: (act: () => Promise<void>) => (beforeAnswer = act),
  };
}

type Account = Awaited<ReturnType<typeof startAccount>>;

async function isReady(env: Readonly<Record<string, string>>): Promise<boolean> {
  const server = startMain(env);
  const reply = await fetch(`${await server.listening()}/health/ready`);
  server.child.kill("SIGTERM");
  expect(await server.closed).toEqual([0, null]);
  return reply.ok;
}

/** The platform has replaced the token, and its answer never arrives. */
async function killBeforeAnswer({ beforeAnswer }: Account, env: Record<string, string>) {
  const dying = startMain(env);
  beforeAnswer(async () => {
    dying.child.kill("SIGKILL");
    await dying.closed;
  });
  expect(await dying.closed).toEqual([null, "SIGKILL"]);
  beforeAnswer(async () => {});
}

/** The answer arrived, and the save waits for a lock that it never gets. */
async function killBeforeSave({ pool }: Account, env: Record<string, string>) {
  const holder = await pool.connect();
  try {
    await holder.query("begin");
    // However long the server takes to come so far.
    await holder.query("set local idle_in_transaction_session_timeout = 0");
    await holder.query("lock table sealed_tokens in exclusive mode");
    const dying = startMain(env);
    const saving = async () => {
      const { rows } = await pool.query<{ pid: number }>(
        `select pid from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into sealed_tokens%'`,
      );
      return rows.map(({ pid }) => pid);
    };
    await expect.poll(saving).toHaveLength(1);
    dying.child.kill("SIGKILL");
    await dying.closed;
    // Postgres would finish the statement of a client that it does not know to be dead.
    for (const pid of await saving()) await pool.query("select pg_terminate_backend($1)", [pid]);
    await expect.poll(saving).toEqual([]);
    await holder.query("rollback");
  } finally {
    holder.release();
  }
}

describe("a server that is killed after Zendesk has replaced the refresh token", () => {
  it.each([
    ["before the answer arrives", killBeforeAnswer],
    ["before the new one is saved", killBeforeSave],
  ])(
    "%s leaves word of it: the next one does not start, and says what to do",
    async (_when, kill) => {
      const account = await startAccount();
      const env = account.envWith(account.authorise());
      await kill(account, env);
      expect(account.seen.refreshes).toBe(1);

      for (const _try of [1, 2]) {
        const next = startMain(env);
        expect(await next.closed).toEqual([1, null]);
        expect(next.output.stderr).toMatch(LOST);
        expect(next.output.stderr).not.toContain(env.ZENDESK_REFRESH_TOKEN);
      }
      expect(await isReady(account.envWith(account.authorise()))).toBe(true);
    },
  );

  it("after the new one was saved leaves it to the next one", async () => {
    const account = await startAccount();
    const env = account.envWith(account.authorise());
    const dying = startMain(env);
    await dying.listening();
    dying.child.kill("SIGKILL");
    await dying.closed;

    expect(await isReady(env)).toBe(true);
    expect(account.seen.refreshes).toBe(1);
  });

  it("is not confused with a slow one: two servers that start at once share the new token", async () => {
    const account = await startAccount();
    const env = account.envWith(account.authorise());
    account.beforeAnswer(() => sleep(300));
    expect(await Promise.all([isReady(env), isReady(env)])).toEqual([true, true]);
    expect(account.seen.refreshes).toBe(1);
  });
});
