/** Do several servers that share a database share one token, and lose none when one of them dies? */
import Fastify from "fastify";
import type { Pool } from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import { createOutbound } from "#platform/outbound/send";
import { Secret } from "#platform/secret";
import { createPostgresTokenStore } from "#platform/tokens/postgres-store";
import { parseKeyRing } from "#platform/tokens/seal";
import { createMemoryTokenStore, type TokenStore } from "#platform/tokens/store";
import { oauthCredentials } from "#remotes/zendesk/credentials";
import { createAccount } from "#zis/services/account";
import { oauthRoutes } from "#zis/services/oauth-routes";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";

const SCOPES = ["tickets:read", "tickets:write", "users:read"];
const OLD_KEY = `old:${Buffer.alloc(32, 1).toString("base64")}`;
const NEW_KEY = `new:${Buffer.alloc(32, 2).toString("base64")}`;
const { pool } = await freshDatabase();

let accounts = 0;

/** An account whose OAuth client has a refresh token, and servers that use it. */
async function startAccount(options: { readonly rotates: boolean } = { rotates: true }) {
  const clock = { ms: Date.parse("2026-11-25T08:00:00Z") };
  const now = () => new Date(clock.ms);
  let ids = 0;
  const account = createAccount({
    subdomain: "acme",
    accountId: 1,
    users: [{ id: 1, email: "admin@acme.example", admin: true }],
    now,
    newId: () => `id-${(ids += 1)}`,
  });
  const client = account.createOAuthClient({ identifier: "caseqa", userId: 1 });
  const issue = () =>
    account.issueToken({
      clientId: client.id,
      userId: 1,
      scopes: SCOPES,
      expiresInSeconds: 1_800,
      refreshExpiresInSeconds: 2_592_000,
    }).refreshToken ?? "";
  const first = issue();
  const app = Fastify({ forceCloseConnections: true });
  let refreshes = 0;
  let whileAsked = async () => {};
  app.addHook("onRequest", async () => {
    refreshes += 1;
    // Slow enough for all the others to come meanwhile.
    await sleep(30);
    await whileAsked();
  });
  oauthRoutes(app, { account, now });
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  const outbound = createOutbound();
  onTestFinished(async () => {
    await app.close();
    await outbound.close();
  });
  accounts += 1;
  const host = `acme-${accounts}.example`;

  function storeOf(keys = OLD_KEY, credential = "first", database: Pool = pool): TokenStore {
    const ring = parseKeyRing(keys);
    if (typeof ring === "string") throw new Error(ring);
    return createPostgresTokenStore({
      pool: database,
      keys: ring,
      account: host,
      provider: "zendesk",
      credential,
      now,
      log: silentLog,
    });
  }

  function startServer(store: TokenStore = storeOf(), refreshToken = first) {
    const credentials = oauthCredentials({
      origin,
      clientId: client.identifier,
      clientSecret: new Secret(client.secret),
      refreshToken: options.rotates ? new Secret(refreshToken) : undefined,
      outbound,
      now,
      random: () => 0,
      store,
    });
    const within = async <T>(
      use: (deadline: ReturnType<typeof createDeadline>) => Promise<T>,
      budgetMs = 5_000,
    ) => {
      const deadline = createDeadline(budgetMs);
      try {
        return await use(deadline);
      } finally {
        deadline.clear();
      }
    };
    return {
      authorization: (budgetMs?: number) =>
        within((deadline) => credentials.authorization(deadline), budgetMs),
      renew: (rejected: string) => within((deadline) => credentials.renew(rejected, deadline)),
    };
  }

  const isKnown = (authorization: string) => account.identify({ authorization }).ok;
  const sealed = async () =>
    (
      await pool.query<{ sealed: string }>(
        "select sealed from sealed_tokens where account_id = $1",
        [host],
      )
    ).rows[0]?.sealed;
  return {
    clock,
    storeOf,
    startServer,
    isKnown,
    sealed,
    issue,
    refreshes: () => refreshes,
    whileAsked: (act: () => Promise<void>) => (whileAsked = act),
  };
}

describe("servers that share a database", () => {
  it.each([{ rotates: true }, { rotates: false }])(
    "ask for one token together (rotating: $rotates)",
    async (options) => {
      const { startServer, storeOf, refreshes, isKnown } = await startAccount(options);
      const servers = [1, 2, 3].map(() => startServer(storeOf()));

      const used = await Promise.all(
        servers.flatMap((server) => [server.authorization(), server.authorization()]),
      );

      expect(refreshes()).toBe(1);
      expect(new Set(used).size).toBe(1);
      expect(isKnown(used[0] ?? "")).toBe(true);
    },
  );

  it("renew it once when its end comes, and once after a 401 that all of them met", async () => {
    const { clock, startServer, refreshes, isKnown } = await startAccount();
    const servers = [startServer(), startServer()];
    await Promise.all(servers.map((server) => server.authorization()));
    clock.ms += 1_800_000;
    const [second = ""] = await Promise.all(servers.map((server) => server.authorization()));
    expect(refreshes()).toBe(2);

    const [third = "", same] = await Promise.all(servers.map((server) => server.renew(second)));

    expect(refreshes()).toBe(3);
    expect(same).toBe(third);
    expect(isKnown(third)).toBe(true);
    expect(isKnown(second)).toBe(false);
  });

  it("go on with the saved refresh token after a restart, without asking for another token", async () => {
    const { clock, startServer, refreshes, isKnown } = await startAccount();
    const before = await startServer().authorization();

    const restarted = startServer();
    expect(await restarted.authorization()).toBe(before);
    expect(refreshes()).toBe(1);

    clock.ms += 1_800_000;
    expect(isKnown((await restarted.authorization()) ?? "")).toBe(true);
    expect(refreshes()).toBe(2);
  });

  it("keep nothing readable in the database", async () => {
    const { startServer, sealed } = await startAccount();
    const authorization = await startServer().authorization();
    expect(await sealed()).toMatch(/^old\./);
    expect(await sealed()).not.toContain(authorization.replace("Bearer ", ""));
  });

  it("seal it again with a new key as soon as it is used", async () => {
    const { startServer, storeOf, sealed, refreshes } = await startAccount();
    await startServer(storeOf(OLD_KEY)).authorization();

    await startServer(storeOf(`${NEW_KEY},${OLD_KEY}`)).authorization();

    expect(await sealed()).toMatch(/^new\./);
    await startServer(storeOf(NEW_KEY)).authorization();
    expect(refreshes()).toBe(1);
  });

  it.each([
    ["the key is gone", NEW_KEY, "first"],
    ["the operator set another refresh token", OLD_KEY, "second"],
  ])("do not use a saved token when %s", async (_why, keys, credential) => {
    const { startServer, storeOf, refreshes } = await startAccount({ rotates: false });
    await startServer().authorization();
    await startServer(storeOf(keys, credential)).authorization();
    expect(refreshes()).toBe(2);
  });
});

/** Saves nothing as long as `isBroken`: what a crash, or a database that goes away, leaves behind. */
function breakable(store: TokenStore) {
  const broken = { isBroken: true };
  const wrapped: TokenStore = {
    exclusively: (work) =>
      store.exclusively((slot) =>
        work({
          ...slot,
          save: async (token) => {
            if (broken.isBroken) throw new Error("the connection broke");
            await slot.save(token);
          },
        }),
      ),
  };
  return { broken, store: wrapped };
}

describe("a rotated refresh token", () => {
  it("is saved before the new access token is used, or the token is not handed out", async () => {
    const { startServer, storeOf, refreshes, isKnown } = await startAccount();
    const { broken, store } = breakable(storeOf());
    const server = startServer(store);
    await expect(server.authorization()).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
    });

    broken.isBroken = false;
    expect(isKnown(await server.authorization())).toBe(true);
    expect(refreshes()).toBe(1);
    expect(isKnown(await startServer().authorization())).toBe(true);
    expect(refreshes()).toBe(1);
  });

  it("is kept by the server that got it when the connection that holds the lock breaks", async () => {
    const { startServer, refreshes, isKnown, whileAsked } = await startAccount();
    whileAsked(async () => {
      await pool.query(
        `select pg_terminate_backend(pid) from pg_locks
         where locktype = 'advisory' and pid <> pg_backend_pid()
           and database = (select oid from pg_database where datname = current_database())`,
      );
    });
    const server = startServer();
    await expect(server.authorization()).rejects.toMatchObject({ code: "ZENDESK_UNAVAILABLE" });

    expect(isKnown(await server.authorization())).toBe(true);
    expect(isKnown(await startServer().authorization())).toBe(true);
    expect(refreshes()).toBe(1);
  });

  it("is waited for no longer than a caller has time, while another server holds the lock", async () => {
    const { startServer, storeOf, refreshes, isKnown } = await startAccount();
    const gate = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const other = storeOf().exclusively(async () => {
      held.resolve();
      await gate.promise;
    });
    await held.promise;
    const server = startServer();
    await expect(server.authorization(200)).rejects.toMatchObject({ code: "ZENDESK_UNAVAILABLE" });
    expect(refreshes()).toBe(0);
    gate.resolve();
    await other;
    expect(isKnown(await server.authorization())).toBe(true);
    expect(refreshes()).toBe(1);
  });

  it("is lost with a process that dies between the grant and the save, and that is said", async () => {
    const { startServer, storeOf } = await startAccount();
    const { store } = breakable(storeOf());
    await startServer(store)
      .authorization()
      .catch(() => undefined);

    for (const _try of [1, 2]) {
      await expect(startServer().authorization()).rejects.toMatchObject({
        code: "ZENDESK_REFUSED",
        message: expect.stringMatching(
          /invalid_grant.* began at 2026-11-25T08:00:00.000Z was never saved.* authorise again/,
        ) as string,
      });
    }
  });

  it("that was revoked is not said to be lost by us, however often it is tried", async () => {
    const { startServer, storeOf } = await startAccount();
    for (const _try of [1, 2]) {
      const refused = startServer(storeOf(), "revoked-long-ago").authorization();
      await expect(refused).rejects.toMatchObject({
        code: "ZENDESK_REFUSED",
        message: expect.not.stringContaining("never saved") as string,
      });
    }
  });

  it("that was lost is forgotten once the operator has set another", async () => {
    const { startServer, storeOf, isKnown, issue } = await startAccount();
    await startServer(breakable(storeOf()).store)
      .authorization()
      .catch(() => undefined);

    const second = startServer(storeOf(OLD_KEY, "second"), issue());
    expect(isKnown(await second.authorization())).toBe(true);
    const revoked = startServer(storeOf(OLD_KEY, "third"), "revoked-long-ago");
    await expect(revoked.authorization()).rejects.toMatchObject({
      message: expect.not.stringContaining("never saved") as string,
    });
  });

  it("is not used while the beginning of its use cannot be recorded", async () => {
    const { startServer, storeOf, refreshes } = await startAccount();
    const store: TokenStore = {
      exclusively: (work) =>
        storeOf().exclusively((slot) =>
          work({
            ...slot,
            begin: async () => {
              throw new Error("the connection broke");
            },
          }),
        ),
    };
    await expect(startServer(store).authorization()).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
    });
    expect(refreshes()).toBe(0);
  });

  it("is handed over by a process that dies after the save", async () => {
    const { startServer, storeOf, refreshes, isKnown } = await startAccount();
    await startServer(storeOf()).authorization();
    expect(isKnown(await startServer(storeOf()).authorization())).toBe(true);
    expect(refreshes()).toBe(1);
  });
});

describe("client credentials", () => {
  it("serve also while the database is away", async () => {
    const { startServer, isKnown, refreshes } = await startAccount({ rotates: false });
    const away: TokenStore = {
      exclusively: async () => {
        throw new Error("connect ECONNREFUSED");
      },
    };
    const server = startServer(away);
    expect(isKnown(await server.authorization())).toBe(true);
    await server.authorization();
    expect(refreshes()).toBe(1);
  });

  it("are asked for by each server where nothing is shared", async () => {
    const { startServer, refreshes } = await startAccount({ rotates: false });
    await startServer(createMemoryTokenStore()).authorization();
    await startServer(createMemoryTokenStore()).authorization();
    expect(refreshes()).toBe(2);
  });
});
