/** Does the process start, say what is wrong with its environment, and stop when it is told to? */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ENVIRONMENT } from "../../../actions-server/config.ts";
import type { OpenDatabase } from "../../../actions-server/db/open.ts";
import { freshDatabase } from "../../support/postgres.ts";

const MAIN = fileURLToPath(new URL("../../../actions-server/main.ts", import.meta.url));

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

function startMain(args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: "pipe" });
  onTestFinished(() => void child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output.stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output.stderr += chunk));
  return { child, output, closed: once(child, "close") };
}

describe("main", () => {
  it("explains every variable", async () => {
    const { output, closed } = startMain(["--help"], {});
    expect(await closed).toEqual([0, null]);
    for (const name of Object.keys(ENVIRONMENT.properties)) expect(output.stdout).toContain(name);
  });

  it("does not start in a wrong environment, and says all that is wrong", async () => {
    const { output, closed } = startMain([], { PORT: "x" });
    expect(await closed).toEqual([1, null]);
    for (const name of ["PORT", "SERVER_TOKENS", "ZENDESK_URL", "SALESFORCE_CLIENT_ID"]) {
      expect(output.stderr).toContain(`  - ${name} `);
    }
  });

  it("serves, and stops on SIGTERM", async () => {
    const { child, output, closed } = startMain([], {
      PORT: "0",
      DATABASE_URL: database.url,
      SERVER_TOKENS: "acme:token-of-acme-12345",
      ZENDESK_URL: "http://127.0.0.1:9",
      ZENDESK_CLIENT_ID: "id",
      ZENDESK_CLIENT_SECRET: "secret",
      SALESFORCE_LOGIN_URL: "http://127.0.0.1:9",
      SALESFORCE_CLIENT_ID: "id",
      SALESFORCE_CLIENT_SECRET: "secret",
    });
    const listening = /Server listening at (http:\/\/127\.0\.0\.1:\d+)/;
    await expect.poll(() => output.stdout, { timeout: 20_000 }).toMatch(listening);
    const [, url = ""] = listening.exec(output.stdout) ?? [];
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await closed).toEqual([0, null]);
    expect(output.stdout).toContain('"msg":"stopped"');
    expect(output.stderr).toBe("");
  });
});
