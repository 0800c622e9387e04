/** Does a wrong environment stop the start with everything that is wrong in it, and no secret shown? */
import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { loadConfig } from "#actions-server/config/config";
import { ENVIRONMENT } from "#actions-server/config/environment";
import { documentTable } from "#test/support/document-table";

const RIGHT = {
  SERVER_TOKENS: "acme:canary-token-0123456789",
  ZENDESK_URL: "https://acme.zendesk.com/",
  ZENDESK_CLIENT_ID: "caseqa",
  ZENDESK_CLIENT_SECRET: "canary-zendesk",
  SALESFORCE_LOGIN_URL: "https://acme.my.salesforce.com",
  SALESFORCE_CLIENT_ID: "key",
  SALESFORCE_CLIENT_SECRET: "canary-salesforce",
};

function problemsOf(changes: Record<string, string | undefined>): string {
  try {
    loadConfig({ ...RIGHT, ...changes });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "none";
}

describe("loadConfig", () => {
  it("takes defaults for what is unset or empty", () => {
    expect(loadConfig({ ...RIGHT, PORT: " ", LOG_LEVEL: "" })).toMatchObject({
      host: "127.0.0.1",
      port: 8080,
      databaseUrl: undefined,
      dataDir: ".caseqa",
      zendesk: { url: "https://acme.zendesk.com", auth: { kind: "oauth", clientId: "caseqa" } },
      salesforce: { apiVersion: "67.0" },
      logLevel: "info",
      shutdownGraceMs: 10_000,
    });
  });

  it("lists every problem at once", () => {
    const message = problemsOf({
      SERVER_TOKENS: "acme:short",
      ZENDESK_URL: "acme.zendesk.com",
      ZENDESK_CLIENT_SECRET: undefined,
      SALESFORCE_CLIENT_ID: "",
      PORT: "http",
    });
    const named = message.match(/(?<=^ {2}- )\w+/gm);
    expect(named?.sort()).toEqual([
      "PORT",
      "SALESFORCE_CLIENT_ID",
      "SERVER_TOKENS",
      "ZENDESK_CLIENT_SECRET",
      "ZENDESK_URL",
    ]);
  });

  it.each([
    [{ PORT: "65536" }, "PORT is above 65535"],
    [{ API_KEY_HEADER: "Authorization" }, "API_KEY_HEADER is a header with a meaning of its own"],
    [{ API_KEY_HEADER: "x api key" }, "API_KEY_HEADER has a wrong form"],
    [{ RATE_LIMIT_PER_MINUTE: "-1" }, "RATE_LIMIT_PER_MINUTE has a wrong form"],
    [
      { TRUSTED_PROXIES: "10.0.0.0/8,proxy" },
      "TRUSTED_PROXIES holds an entry that is neither an address",
    ],
    [{ DATABASE_URL: "mysql://x" }, "DATABASE_URL has a wrong form"],
    [{ REDIS_URL: "http://redis:6379" }, "REDIS_URL has a wrong form"],
    [{ REDIS_URL: "redis://" }, "REDIS_URL has a wrong form"],
    [{ REDIS_URL: "redis://redis/one" }, "REDIS_URL has a wrong form"],
    [{ ZENDESK_URL: "https://acme.zendesk.com/api" }, "ZENDESK_URL has a wrong form"],
    [{ SALESFORCE_API_VERSION: "67" }, "SALESFORCE_API_VERSION has a wrong form"],
    [{ SERVER_TOKENS: undefined }, "SERVER_TOKENS is missing"],
    [
      { ZENDESK_CLIENT_ID: "", ZENDESK_CLIENT_SECRET: "" },
      "ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET are missing",
    ],
    [
      { ZENDESK_CLIENT_ID: "", ZENDESK_CLIENT_SECRET: "", ZENDESK_EMAIL: "a@b.example" },
      "ZENDESK_API_TOKEN is missing",
    ],
    [
      {
        ZENDESK_CLIENT_ID: "",
        ZENDESK_CLIENT_SECRET: "",
        ZENDESK_EMAIL: "a@b.example",
        ZENDESK_API_TOKEN: "t",
      },
      "ZENDESK_ALLOW_API_TOKEN is not true",
    ],
    [
      { ALERT_EMAIL_TO: "a@b.example", ALERT_EMAIL_FROM: "c@d.example" },
      "ALERT_SMTP_URL is missing",
    ],
    [{ SALESFORCE_CLIENT_SECRET: "" }, "SALESFORCE_CLIENT_SECRET is missing"],
    [{ SALESFORCE_USERNAME: "qa@acme.example" }, "SALESFORCE_JWT_KEY_FILE is missing"],
    [{ SALESFORCE_JWT_KEY_FILE: "/nowhere.pem" }, "SALESFORCE_USERNAME is missing"],
    [
      { SALESFORCE_JWT_KEY_FILE: "/nowhere.pem", SALESFORCE_USERNAME: "qa@acme.example" },
      "SALESFORCE_JWT_KEY_FILE cannot be read as an RSA key in PEM",
    ],
    [
      {
        SALESFORCE_JWT_KEY_FILE: "/nowhere.pem",
        SALESFORCE_USERNAME: "qa@acme.example",
        SALESFORCE_REFRESH_TOKEN: "canary",
      },
      "SALESFORCE_REFRESH_TOKEN is set beside the JWT key",
    ],
    [{ ZENDESK_REFRESH_TOKEN: "r" }, "TOKEN_KEYS is missing, but ZENDESK_REFRESH_TOKEN"],
    [{ SALESFORCE_REFRESH_TOKEN: "r" }, "TOKEN_KEYS is missing, but SALESFORCE_REFRESH_TOKEN"],
    [{ TOKEN_KEYS: "k:short" }, "TOKEN_KEYS has a wrong key in place 1"],
    [{ ZENDESK_BUDGET_SHARE: "0" }, "ZENDESK_BUDGET_SHARE has a wrong form"],
    [{ SALESFORCE_BUDGET_SHARE: "1.5" }, "SALESFORCE_BUDGET_SHARE has a wrong form"],
    [{ ALERT_SMTP_URL: "smtp://canary" }, "ALERT_EMAIL_TO is missing"],
    [{ ALERT_WEBHOOK_URL: "chat.example/hook" }, "ALERT_WEBHOOK_URL has a wrong form"],
  ])("refuses %j", (changes, problem) => {
    expect(problemsOf(changes)).toContain(problem);
  });

  it("takes an API token when that is allowed", () => {
    const { zendesk } = loadConfig({
      ...RIGHT,
      ZENDESK_CLIENT_ID: "",
      ZENDESK_CLIENT_SECRET: "",
      ZENDESK_EMAIL: "agent@acme.example",
      ZENDESK_API_TOKEN: "canary-api",
      ZENDESK_ALLOW_API_TOKEN: "true",
    });
    expect(zendesk.auth).toMatchObject({ kind: "api-token", email: "agent@acme.example" });
  });

  it.each(["0.5", ".25", "0.001", "1"])("takes %s as a share", (share) => {
    const { zendesk } = loadConfig({ ...RIGHT, ZENDESK_BUDGET_SHARE: share });
    expect(zendesk.budgetShare).toBe(Number(share));
  });

  it("takes the JWT key of Salesforce from its file, and needs no secret then", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const env = {
      ...RIGHT,
      SALESFORCE_CLIENT_SECRET: "",
      SALESFORCE_JWT_KEY_FILE: "/etc/caseqa/key.pem",
      SALESFORCE_USERNAME: "qa@acme.example",
    };
    const config = loadConfig(env, (path) => (path === "/etc/caseqa/key.pem" ? pem : ""));
    expect(config.salesforce.auth).toMatchObject({
      kind: "jwt-bearer",
      username: "qa@acme.example",
    });
    expect(inspect(config, { depth: 9 })).not.toContain("PRIVATE KEY");
  });

  it("takes refresh tokens together with the keys that seal their successors", () => {
    const config = loadConfig({
      ...RIGHT,
      ZENDESK_REFRESH_TOKEN: "canary-refresh",
      SALESFORCE_REFRESH_TOKEN: "canary-refresh",
      TOKEN_KEYS: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
    });
    expect(config.salesforce.auth.kind).toBe("refresh-token");
    expect(config.tokenKeys?.seal("t", "c")).toMatch(/^k1\./);
    expect(inspect(config, { depth: 9 })).not.toContain("canary");
  });

  it.each([
    "redis://redis",
    "redis://redis:6379/2",
    "rediss://:canary-redis@redis.example:6380",
    "rediss://me:canary-redis@[::1]:6380/0",
  ])("takes %s for Redis, and shows nothing of it", (url) => {
    const config = loadConfig({ ...RIGHT, REDIS_URL: url });
    expect(config.redisUrl?.reveal()).toBe(url);
    expect([inspect(config, { depth: 9 }), JSON.stringify(config)].join()).not.toContain(url);
  });

  it.each([undefined, "", "  "])("does without Redis when it is %j", (url) => {
    expect(loadConfig({ ...RIGHT, REDIS_URL: url }).redisUrl).toBeUndefined();
  });

  it("shows no secret, however it is printed", () => {
    const config = loadConfig({
      ...RIGHT,
      ALERT_WEBHOOK_URL: "https://chat.example/canary-path",
      DATABASE_URL: "postgres://me:canary-database@db/x",
      REDIS_URL: "redis://:canary-redis@redis",
    });
    const shown = [inspect(config, { depth: 9 }), JSON.stringify(config)].join();
    expect(shown).not.toContain("canary");
    expect(String(config.alerts.webhookUrl)).toBe("[secret]");
    expect(config.alerts.webhookUrl?.reveal()).toBe("https://chat.example/canary-path");
    expect(problemsOf({ SERVER_TOKENS: "acme:canary!", PORT: "canary" })).not.toContain("canary");
  });
});

describe("docs/environment.md", () => {
  it("lists exactly the variables that the server reads", () => {
    const listed = documentTable("docs/environment.md", "environment").map(([name]) => name);
    expect(listed).toEqual(Object.keys(ENVIRONMENT.properties));
  });
});
