/** Does the process start, say what is wrong with its environment, and stop on a signal? */
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ENVIRONMENT } from "#actions-server/config/environment";
import type { OpenDatabase } from "#platform/db/open";
import { MAIN_ENV, startMain } from "../../support/main-process.ts";
import { freshDatabase } from "../../support/postgres.ts";

let database: OpenDatabase;

/** Of a server that is left open only when it is given. */
async function freePort(server?: Server): Promise<number> {
  const holder = server ?? createServer();
  await once(holder.listen(0, "127.0.0.1"), "listening");
  const { port } = holder.address() as AddressInfo;
  if (!server) await once(holder.close(), "close");
  return port;
}

beforeAll(async () => {
  database = await freshDatabase();
});

describe("main", () => {
  it("explains every variable", async () => {
    const { output, closed } = startMain({}, { args: ["--help"] });
    expect(await closed).toEqual([0, null]);
    for (const name of Object.keys(ENVIRONMENT.properties)) expect(output.stdout).toContain(name);
  });

  it("does not start in a wrong environment, and says all that is wrong", async () => {
    const { output, closed } = startMain({ PORT: "x" });
    expect(await closed).toEqual([1, null]);
    for (const name of ["PORT", "SERVER_TOKENS", "ZENDESK_URL", "SALESFORCE_CLIENT_ID"]) {
      expect(output.stderr).toContain(`  - ${name} `);
    }
  });

  it.each([
    [
      "a database that is away",
      { DATABASE_URL: "postgres://u:canary@127.0.0.1:1/x" },
      "the database x at 127.0.0.1:1 does not answer: connect ECONNREFUSED 127.0.0.1:1\n" +
        "    Start Postgres, and compare DATABASE_URL with its address, user and password.\n",
    ],
    [
      "an embedded Postgres that cannot start",
      { DATA_DIR: "/dev/null" },
      expect.stringMatching(
        /^the embedded Postgres does not start: .*\/dev\/null.*\n    Set DATA_DIR \(now \/dev\/null\) .* or DATABASE_URL .*\n$/,
      ),
    ],
  ])("says cause and remedy, and no stack trace, of %s", async (_title, env, text) => {
    const { output, closed } = startMain({ ...MAIN_ENV, ...env });
    expect(await closed).toEqual([1, null]);
    expect(output.stderr).toEqual(text);
  });

  it("serves readiness and metrics on a port of their own when asked to", async () => {
    const port = await freePort();
    const { output, listening, child, closed } = startMain({
      ...MAIN_ENV,
      DATABASE_URL: database.url,
      MONITORING_PORT: String(port),
    });
    const monitoring = await listening();
    expect(monitoring).toBe(`http://127.0.0.1:${port}`);
    expect((await fetch(`${monitoring}/health/ready`)).status).toBe(200);
    const both = () => [...output.stdout.matchAll(/listening at (http:[^"]+)/g)];
    await expect.poll(() => both().length).toBe(2);
    const server = both()[1]?.[1];
    expect((await fetch(`${server}/metrics`)).status).toBe(404);
    expect((await fetch(`${server}/health/live`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await closed).toEqual([0, null]);
  });

  it("ends when one of its two ports is taken", async () => {
    const holder = createServer();
    const port = await freePort(holder);
    onTestFinished(() => void holder.close());
    for (const name of ["PORT", "MONITORING_PORT"]) {
      const { output, closed } = startMain({
        ...MAIN_ENV,
        DATABASE_URL: database.url,
        MONITORING_PORT: "0",
        [name]: String(port),
      });
      expect([name, await closed]).toEqual([name, [1, null]]);
      expect(output.stderr).toBe(
        `port ${port} at 127.0.0.1 is in use\n    Stop the program that listens there, or set another port by PORT or MONITORING_PORT.\n`,
      );
    }
  });

  it("serves, and stops on SIGTERM", async () => {
    const { child, output, closed, listening } = startMain({
      ...MAIN_ENV,
      DATABASE_URL: database.url,
    });
    expect((await fetch(`${await listening()}/health/ready`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await closed).toEqual([0, null]);
    expect(output.stdout).toContain('"msg":"stopped"');
    expect(output.stderr).toBe("");
  });
});
