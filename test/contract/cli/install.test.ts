import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { STEP_NAMES } from "#install/step-names";
import type { World } from "#scripts/world";
import { type Caseqa, prepareCaseqa } from "../../support/caseqa.ts";
import { caseqaCommand } from "../../support/run-node.ts";
import { startWorld } from "../../support/world.ts";

const LONG_MS = 180_000;

async function emptyWorld(): Promise<World> {
  return startWorld({ tickets: 5, tls: true, installed: false });
}

async function initialised(world: World, caseqa: Caseqa): Promise<void> {
  const { server } = world.card;
  const run = await caseqa.run(["init", "--subdomain", "caseqa", "--server-url", server.url]);
  expect(run).toMatchObject({ code: 0 });
}

function outcomes(run: { readonly json: Record<string, unknown> }): Record<string, string> {
  const steps = run.json["steps"] as { step: string; outcome: string }[];
  return Object.fromEntries(steps.map(({ step, outcome }) => [step, outcome]));
}

async function jobSpecs(world: World): Promise<readonly { name: string; installed: boolean }[]> {
  const { url, adminEmail, apiToken } = world.card.zendesk;
  const basic = Buffer.from(`${adminEmail}/token:${apiToken}`).toString("base64");
  const response = await fetch(
    `${url}/api/services/zis/registry/caseqa_caseqa/job_specs?page%5Bsize%5D=100`,
    { headers: { authorization: `Basic ${basic}` } },
  );
  if (response.status === 404) return [];
  return ((await response.json()) as { job_specs: { name: string; installed: boolean }[] })
    .job_specs;
}

/** Of how many OAuth clients there are tokens: the server's own is one. */
async function clientsWithTokens(world: World): Promise<number> {
  const { url, adminEmail, apiToken } = world.card.zendesk;
  const basic = Buffer.from(`${adminEmail}/token:${apiToken}`).toString("base64");
  const response = await fetch(`${url}/api/v2/oauth/tokens.json`, {
    headers: { authorization: `Basic ${basic}` },
  });
  const { tokens } = (await response.json()) as { tokens: { client_id: number }[] };
  return new Set(tokens.map(({ client_id: id }) => id)).size;
}

describe("caseqa install", () => {
  test(
    "does every step from nothing, and again without doing anything twice",
    async () => {
      const world = await emptyWorld();
      const caseqa = await prepareCaseqa(world);
      await initialised(world, caseqa);

      const planned = await caseqa.run(["install", "--skip-app", "--dry-run", "--json"]);
      expect(planned.code).toBe(0);
      expect(planned.stdout).not.toContain("no answer");
      expect(await jobSpecs(world)).toEqual([]);

      const first = await caseqa.run(["install", "--skip-app", "--json"]);
      expect(first.json).toMatchObject({ ok: true, outcome: "installed", app: null });
      expect(first.code).toBe(0);
      expect(Object.keys(outcomes(first))).toEqual([...STEP_NAMES]);
      const specs = await jobSpecs(world);
      expect(specs.length).toBeGreaterThan(0);
      expect(specs.every(({ installed }) => installed)).toBe(true);

      const second = await caseqa.run(["install", "--skip-app", "--json"]);
      expect(second).toMatchObject({ code: 0 });
      expect(outcomes(second)).toMatchObject({
        integration: "already",
        bundle: "already",
        webhooks: "already",
      });
      expect(await jobSpecs(world)).toEqual(specs);

      const status = await caseqa.run(["status", "--json"]);
      expect(status.json).toMatchObject({ ok: true, state: "in_sync", problems: [] });
      const diff = await caseqa.run(["diff", "--json"]);
      expect(diff).toMatchObject({ code: 0, json: { same: true, differences: [] } });

      const doctor = await caseqa.run(["doctor", "--json"]);
      const checks = doctor.json["checks"] as {
        name: string;
        state: string;
        remedy: string | null;
      }[];
      expect(checks.filter(({ state }) => state === "failed").map(({ name }) => name)).toEqual([
        "app",
      ]);
      for (const { state, remedy } of checks) expect(remedy === null).toBe(state === "ok");

      const { apiToken } = world.card.zendesk;
      for (const run of [first, second, status, diff, doctor]) {
        expect(run.stderr).not.toMatch(/deprecat/i);
        expect(run.stdout + run.stderr).not.toContain(apiToken);
        expect(run.stdout + run.stderr).not.toContain(world.card.server.token);
      }
    },
    LONG_MS,
  );

  test(
    "by OAuth an administrator has to upload the bundle: it says where and ends with 3, or waits",
    async () => {
      const world = await emptyWorld();
      const caseqa = await prepareCaseqa(world, "client_credentials");
      await initialised(world, caseqa);

      const refused = await caseqa.run(["install", "--skip-app", "--timeout", "0", "--json"]);
      expect(refused.json).toMatchObject({ ok: false, outcome: "waiting" });
      expect(refused.code).toBe(3);
      expect(outcomes(refused)).toMatchObject({ connections: "done", bundle: "waiting" });
      expect(refused.stdout).toContain(`${world.tls!.url}/agent/apps/caseqa`);

      const waiting = caseqa.run(["install", "--skip-app", "--timeout", "120", "--json"]);
      // The app, played by the credential that Zendesk takes here.
      const admin = await prepareCaseqa(world);
      await initialised(world, admin);
      expect(await admin.run(["install", "--only", "bundle"])).toMatchObject({ code: 0 });
      const finished = await waiting;
      expect(finished.json).toMatchObject({ ok: true, outcome: "installed" });
      expect(finished.code).toBe(0);
      expect(await caseqa.run(["status"])).toMatchObject({ code: 0 });
    },
    LONG_MS,
  );

  test(
    "twice at once is as good as once",
    async () => {
      const world = await emptyWorld();
      const caseqa = await prepareCaseqa(world);
      await initialised(world, caseqa);
      const runs = await Promise.all(
        [1, 2].map(() => caseqa.spawn(["install", "--skip-app", "--json"])),
      );
      // One may meet the other's half; repeated, both are done.
      for (const run of runs) {
        if (run.code !== 0)
          expect(await caseqa.run(["install", "--skip-app"])).toMatchObject({ code: 0 });
      }
      const status = await caseqa.run(["status", "--json"]);
      expect(status.json).toMatchObject({ state: "in_sync", problems: [] });
      const config = await caseqa.run(["config", "get", "revision"]);
      expect(config).toMatchObject({ code: 0 });
    },
    LONG_MS,
  );

  test(
    "Ctrl-C says what is half done and what to run, and leaves no token behind",
    async () => {
      const world = await emptyWorld();
      const caseqa = await prepareCaseqa(world);
      await initialised(world, caseqa);
      const interrupt = async (args: string[], isTime: () => Promise<boolean>) => {
        const command = caseqaCommand(args);
        const child = spawn(command.node, command.args, { cwd: caseqa.folder, env: caseqa.env });
        onTestFinished(() => void child.kill("SIGKILL"));
        let text = "";
        child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        await expect.poll(isTime, { interval: 2 }).toBe(true);
        child.kill("SIGINT");
        const [code] = (await once(child, "close")) as [number | null];
        return { code, text };
      };

      const installing = await interrupt(
        ["install", "--skip-app"],
        async () => (await jobSpecs(world)).length > 0,
      );
      expect(installing.code).toBe(130);
      expect(installing.text).toMatch(
        /^(?: +\d+\.\d s  .*\n)*caseqa: the install was stopped\n    Done: integration, .*Perhaps half done: .*\n    Run caseqa install again: what is done stays, and it goes on from there\.\n$/,
      );
      // The server has needed none yet.
      expect(await clientsWithTokens(world)).toBe(0);
      expect(await caseqa.run(["install", "--skip-app"])).toMatchObject({ code: 0 });
      expect(await caseqa.run(["status"])).toMatchObject({ code: 0 });

      const removing = await interrupt(["uninstall", "--yes", "--keep-app"], async () =>
        (await jobSpecs(world)).some(({ installed }) => !installed),
      );
      expect(removing.code).toBe(130);
      expect(removing.text).toMatch(
        /^(?: +\d+\.\d s  .*\n)*caseqa: the uninstallation was stopped\n    Removed so far: job spec .*\n    Run caseqa uninstall --yes again to remove the rest, or caseqa install to bring everything back\.\n$/,
      );
      expect(await clientsWithTokens(world)).toBe(1);
      expect(await caseqa.run(["uninstall", "--yes", "--keep-app"])).toMatchObject({ code: 0 });
    },
    LONG_MS,
  );

  test(
    "killed in the middle, it goes on where it was",
    async () => {
      const world = await emptyWorld();
      const caseqa = await prepareCaseqa(world);
      await initialised(world, caseqa);
      const { node, args } = caseqaCommand(["install", "--skip-app"]);
      const child = spawn(node, args, { cwd: caseqa.folder, env: caseqa.env, stdio: "ignore" });
      onTestFinished(() => void child.kill("SIGKILL"));
      // The first job spec is there: the bundle is up, what follows is not.
      await expect
        .poll(async () => (await jobSpecs(world)).length, { interval: 5 })
        .toBeGreaterThan(0);
      child.kill("SIGKILL");
      await once(child, "close");

      expect(await caseqa.run(["install", "--skip-app"])).toMatchObject({ code: 0 });
      expect(await caseqa.run(["status"])).toMatchObject({ code: 0 });
    },
    LONG_MS,
  );
});

describe("what cannot work is told with its remedy", () => {
  test(
    "a wrong credential, a wrong or missing token, a server that is away",
    async () => {
      const world = await emptyWorld();
      const wrong = await prepareCaseqa(world, "wrong");
      await initialised(world, wrong);
      const refused = await wrong.run(["install", "--skip-app"]);
      expect(refused.code).toBe(1);
      expect(refused.stdout).toMatch(/✗ integration .*401/);
      const signedOut = await wrong.run(["doctor"]);
      expect(signedOut.stdout).toMatch(
        /✗ zendesk_login .*401 .*\n    Run zcli login again.*\n    Follows from this: plan, app, installation\.\n/,
      );
      expect(signedOut.stdout).toContain("\n\n1 failed, ");
      expect(signedOut.stdout).not.toContain("account's plan");
      const unread = await wrong.run(["status"]);
      expect(unread.stderr).toMatch(/^caseqa: Could not look .*401.*\n    Sign in again/m);

      const caseqa = await prepareCaseqa(world);
      await initialised(world, caseqa);
      const without = await caseqa.run(["install", "--skip-app"], {
        env: { CASEQA_SERVER_TOKEN: "" },
      });
      expect(without.code).toBe(2);
      expect(without.stderr).toContain("CASEQA_SERVER_TOKEN");

      const bad = { CASEQA_SERVER_TOKEN: "not-a-token-of-this-server" };
      const doctor = await caseqa.run(["doctor", "--json"], { env: bad });
      expect(doctor.code).toBe(1);
      expect(doctor.json["checks"]).toContainEqual(
        expect.objectContaining({
          name: "server",
          state: "failed",
          remedy: expect.stringContaining("SERVER_TOKENS"),
        }),
      );
      const checks = doctor.json["checks"] as { name: string; because: string | null }[];
      // Nothing is installed here: one cause, and the server's refusal is another.
      expect(checks.filter(({ name }) => name === "installation")).toMatchObject([
        { because: "name" },
      ]);
      const elsewhere = { CASEQA_SERVER_URL: "http://127.0.0.1:1" };
      const twoSources = await caseqa.run(["sweep"], { env: elsewhere });
      expect(twoSources).toMatchObject({ code: 2, stdout: "" });
      expect(twoSources.stderr).toContain(
        `caseqa.json has the server at ${world.card.server.url}, CASEQA_SERVER_URL says http://127.0.0.1:1`,
      );
      expect(doctor.stdout).toContain(`${world.card.server.url} (caseqa.json)`);
      const fresh = await prepareCaseqa(world);
      const away = await fresh.run(["sweep"], { env: elsewhere });
      expect(away).toMatchObject({ code: 1, stdout: "" });
      expect(away.stderr).toContain("No answer from http://127.0.0.1:1");

      const piped = await caseqa.run(["sweep", "--dry-run", "--token-stdin", "--json"], {
        env: { CASEQA_SERVER_TOKEN: "" },
        input: `${world.card.server.token}\n`,
      });
      expect(piped.json).toMatchObject({ dry_run: true });
    },
    LONG_MS,
  );

  test(
    "no credential at all, an unknown server, another account, a torn caseqa.json",
    async () => {
      const world = await emptyWorld();
      const caseqa = await prepareCaseqa(world);
      const none = await caseqa.run(["status"], { env: { ZENDESK_SUBDOMAIN: "" } });
      expect(none.code).toBe(1);
      expect(none.stderr).toContain("Run zcli login");

      const unknown = await caseqa.run(["status"], { env: { CASEQA_SERVER_URL: "" } });
      expect(unknown.code).toBe(2);
      expect(unknown.stderr).toContain("run caseqa init");

      await initialised(world, caseqa);
      const other = await caseqa.run(["init", "--server-url", "https://other.example.com"]);
      expect(other.code).toBe(2);
      expect(other.stderr).toContain("--force replaces it");

      const file = join(caseqa.folder, "caseqa.json");
      const foreign = { host: "acme.zendesk.com", subdomain: "acme", integration: "caseqa_acme" };
      await writeFile(file, JSON.stringify({ ...foreign, server_url: world.card.server.url }));
      const mixed = await caseqa.run(["uninstall", "--yes"]);
      expect(mixed.code).toBe(2);
      expect(mixed.stderr).toContain("caseqa.json belongs to the account at acme.zendesk.com");

      await writeFile(file, '{"subdomain": ');
      const torn = await caseqa.run(["status"]);
      expect(torn.code).toBe(2);
      expect(torn.stderr).toContain("caseqa.json is not JSON");
    },
    LONG_MS,
  );

  test(
    "a token of the integration is not left behind",
    async () => {
      const world = await emptyWorld();
      const caseqa = await prepareCaseqa(world);
      await initialised(world, caseqa);
      expect(await caseqa.run(["install", "--skip-app"])).toMatchObject({ code: 0 });
      expect(await clientsWithTokens(world)).toBe(1);
    },
    LONG_MS,
  );
});
